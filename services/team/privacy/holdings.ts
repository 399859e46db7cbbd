import { isDeepStrictEqual } from 'node:util';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { PersonalDataRequest } from '../../../shared/events/privacy.ts';
import { MemberUpdated } from '../../../shared/events/team.ts';
import type { JobRun } from '../../../shared/jobs/handler.ts';
import type { Counts, PersonalHoldings } from '../../../shared/privacy/personal-data-job.ts';
import { PersonalKeys } from '../audit/personal-keys.ts';
import { erasedCandidate, erasedMember } from '../domain/personal-data.ts';
import { Candidates } from '../store/candidates.ts';
import { Members } from '../store/members.ts';

const reading: Cause = { correlationId: 'personal-data', actor: 'system' };

/** What this service holds: it alone knows who candidates are, and everyone else knows members from it. */
export const teamHoldings = (table: Table): PersonalHoldings => {
  /** Undefined for a candidate whose time ran out meanwhile. */
  const find = async ({ kind, subjectId }: PersonalDataRequest) => {
    if (kind === 'member') return new Members(table, reading).find(subjectId);
    try {
      return await new Candidates(table, reading).get(subjectId);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  };

  const eraseMember = async (id: string, { cause }: JobRun): Promise<Counts> => {
    const members = new Members(table, cause);
    const member = await members.get(id);
    const erased = erasedMember(member);
    const isNews = !isDeepStrictEqual({ ...member, email: member.email, absences: member.absences }, erased);
    if (isNews) await members.save(member, erased, MemberUpdated);
    // After the last event that knew the name was written; one that is still on its way finds no key to be sealed with.
    await new PersonalKeys(table).destroy(id);
    return { members: isNews ? 1 : 0 };
  };

  const eraseCandidate = async (request: PersonalDataRequest, { cause }: JobRun): Promise<Counts> => {
    if ((await find(request)) === undefined) return { candidates: 0 };
    const candidates = new Candidates(table, cause);
    const candidate = await candidates.get(request.subjectId);
    const erased = erasedCandidate(candidate);
    const isNews = candidate.name !== erased.name;
    if (isNews) await candidates.save(erased);
    return { candidates: isNews ? 1 : 0 };
  };

  return {
    termsOf: async (request) => {
      const person = await find(request);
      return [request.subjectId, person?.name, person?.email].filter((term) => term !== undefined);
    },
    erase: async (request, run) =>
      request.kind === 'member' ? eraseMember(request.subjectId, run) : eraseCandidate(request, run),
    collect: async (request) => ({ [request.kind]: await find(request) }),
  };
};
