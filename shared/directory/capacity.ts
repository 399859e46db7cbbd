import type { MemberState } from '../events/team.ts';
import { type BusinessCalendar, businessDaysIn } from '../time/business-days.ts';
import type { Day } from '../time/instant.ts';
import { addMonths, daysBetween } from '../time/zone.ts';

/** What a member's share depends on. */
export type Employment = Pick<
  MemberState,
  'startedOn' | 'departedOn' | 'rampMonths' | 'capacity' | 'absences'
>;

/** What can be expected of a member over a period. */
export interface Capacity {
  /** 0–1: 1 is a ramped member, full time, present on every business day of the period. */
  readonly share: number;
  /** Business days on which the member is there. */
  readonly presentDays: number;
  /** Business days on which the member belongs to the organization and is away. */
  readonly absenceDays: number;
}

/**
 * How much of the full quota is expected on `day`, 0–1: rises by calendar days from 0 on `startedOn` to 1 after
 * `rampMonths`. Nothing is expected before the start and after the departure; without a start there is no ramp.
 */
export const rampOn = ({ startedOn, departedOn, rampMonths }: Employment, day: Day): number => {
  if (departedOn !== undefined && day > departedOn) return 0;
  if (startedOn === undefined) return 1;
  if (day < startedOn) return 0;
  const length = daysBetween(startedOn, addMonths(startedOn, rampMonths));
  return length === 0 ? 1 : Math.min(1, daysBetween(startedOn, day) / length);
};

const isEmployed = ({ startedOn, departedOn }: Employment, day: Day): boolean =>
  (startedOn === undefined || startedOn <= day) && (departedOn === undefined || day <= departedOn);

const isAway = ({ absences = [] }: Employment, day: Day): boolean =>
  absences.some(({ from, until }) => from <= day && day <= until);

/** What can be expected of a member on one day, 0–1: ramp × capacity; 0 for someone who is away or not there at all. */
export const capacityOn = (member: Employment, day: Day): number =>
  isEmployed(member, day) && !isAway(member, day) ? rampOn(member, day) * (member.capacity ?? 1) : 0;

/**
 * The average of ramp × capacity × presence over the business days from `from` on, before `to`. `counts` leaves days out
 * that belong elsewhere, as those in another team: the shares of a member's teams add up to the member's. 0 for a period
 * without business days.
 */
export const expectedCapacity = (
  member: Employment,
  { from, to }: { readonly from: Day; readonly to: Day },
  calendar: BusinessCalendar,
  counts: (day: Day) => boolean = () => true,
): Capacity => {
  const days = businessDaysIn(from, to, calendar);
  const employed = days.filter((day) => isEmployed(member, day) && counts(day));
  const present = employed.filter((day) => !isAway(member, day));
  const ramped = present.reduce((sum, day) => sum + rampOn(member, day), 0);
  return {
    share: days.length === 0 ? 0 : (ramped * (member.capacity ?? 1)) / days.length,
    presentDays: present.length,
    absenceDays: employed.length - present.length,
  };
};
