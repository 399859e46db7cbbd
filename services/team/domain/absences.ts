import { NotFound, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Absence, MemberState } from '../../../shared/events/team.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { assertActive } from './member.ts';

const MOST_ABSENCES = 100;

const refused = (detail: string, message: string): Unprocessable =>
  new Unprocessable(detail, [{ path: '/until', message }]);

/**
 * Enters the absence in the place of one that begins on the same day. Throws Unprocessable for one that ends before it
 * begins or overlaps with another, InvalidTransition for someone who has departed.
 */
export const withAbsence = <Member extends MemberState>(member: Member, absence: Absence): Member => {
  assertActive(member, 'away');
  const { from, until } = absence;
  if (until < from) throw refused('An absence can’t end before it begins.', `must be ${from} or later`);
  const others = (member.absences ?? []).filter((each) => each.from !== from);
  const overlapping = others.find((each) => each.from <= until && from <= each.until);
  if (overlapping !== undefined) {
    const days = `${overlapping.from} to ${overlapping.until}`;
    throw refused(
      'The absence overlaps with another one; change that one.',
      `must leave ${days} out, an absence that is entered`,
    );
  }
  if (others.length >= MOST_ABSENCES)
    throw new Unprocessable(`A member has ${MOST_ABSENCES} absences at most; delete those long past.`);
  return { ...member, absences: [...others, absence].toSorted((a, b) => (a.from < b.from ? -1 : 1)) };
};

/** Throws NotFound where no absence begins on that day. */
export const withoutAbsence = <Member extends MemberState>(member: Member, from: Day): Member => {
  const { absences = [] } = member;
  const left = absences.filter((each) => each.from !== from);
  if (left.length === absences.length) throw new NotFound(`absence of ${member.id} from ${from} on`);
  return { ...member, absences: left };
};
