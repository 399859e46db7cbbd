import { isDeepStrictEqual } from 'node:util';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { PersonalDataRequest } from '../../../shared/events/privacy.ts';
import { MemberUpdated } from '../../../shared/events/team.ts';
import { MemberId } from '../../../shared/ids/id.ts';
import type { JobRun } from '../../../shared/jobs/handler.ts';
import type { Counts, PersonalHoldings } from '../../../shared/privacy/personal-data-job.ts';
import { PersonalKeys } from '../audit/personal-keys.ts';
import { type CandidateState, isErased } from '../domain/candidate.ts';
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

  const emptyCandidate = async (candidate: Stored<CandidateState>, cause: Cause): Promise<Counts> => {
    if (isErased(candidate)) return { candidates: 0 };
    await new Candidates(table, cause).save(erasedCandidate(candidate));
    return { candidates: 1 };
  };

  /** The candidate that a member was hired as. */
  const hiring = async ({ kind, subjectId }: PersonalDataRequest) =>
    kind === 'member' ? new Candidates(table, reading).hiredAs(MemberId.parse(subjectId)) : undefined;

  const eraseMember = async (id: string, { cause }: JobRun): Promise<Counts> => {
    const members = new Members(table, cause);
    const member = await members.get(id);
    const erased = erasedMember(member);
    const isNews = !isDeepStrictEqual({ ...member, email: member.email, absences: member.absences }, erased);
    if (isNews) await members.save(member, erased, MemberUpdated);
    const hiredAs = await new Candidates(table, cause).hiredAs(member.id);
    const candidates = hiredAs === undefined ? {} : await emptyCandidate(hiredAs, cause);
    // After the last event that knew the name was written; one that is still on its way finds no key to be sealed with.
    await new PersonalKeys(table).destroy(id);
    return { members: isNews ? 1 : 0, ...candidates };
  };

  const eraseCandidate = async (request: PersonalDataRequest, { cause }: JobRun): Promise<Counts> => {
    if ((await find(request)) === undefined) return { candidates: 0 };
    return emptyCandidate(await new Candidates(table, cause).get(request.subjectId), cause);
  };

  return {
    termsOf: async (request) => {
      const people = [await find(request), await hiring(request)];
      const terms = people.flatMap((person) => [person?.name, person?.email]);
      return [request.subjectId, ...terms].filter(
        (term): term is string => term !== undefined && term !== '',
      );
    },
    erase: async (request, run) =>
      request.kind === 'member' ? eraseMember(request.subjectId, run) : eraseCandidate(request, run),
    collect: async (request) => {
      const candidate = await hiring(request);
      return { [request.kind]: await find(request), ...(candidate === undefined ? {} : { candidate }) };
    },
  };
};
