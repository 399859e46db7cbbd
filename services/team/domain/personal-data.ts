import * as z from 'zod';
import { Conflict } from '../../../shared/errors/errors.ts';
import type { ServiceName } from '../../../shared/events/contract.ts';
import { PersonalDataOutcome, PersonalDataRequest } from '../../../shared/events/privacy.ts';
import type { MemberState } from '../../../shared/events/team.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { CandidateState } from './candidate.ts';

const Part = PersonalDataOutcome.omit({ jobId: true });
export type Part = z.infer<typeof Part>;

/** A request for a person’s data, and what each service did about it. */
export const PersonalDataJob = PersonalDataRequest.extend({
  status: z.enum(['running', 'succeeded', 'failed']),
  services: z.object({
    deals: Part.optional(),
    goals: Part.optional(),
    metrics: Part.optional(),
    team: Part.optional(),
  }),
  createdAt: Instant,
  finishedAt: Instant.optional(),
});
export type PersonalDataJob = z.infer<typeof PersonalDataJob>;

/** They find a person by what this service tells of them; so this one, which makes all others forget, comes last. */
const before: readonly ServiceName[] = ['deals', 'goals', 'metrics'];

export const othersAreDone = ({ services }: PersonalDataJob): boolean =>
  before.every((service) => services[service]?.status === 'succeeded');

/** With what a service did. One that failed can be carried on, and may still succeed; nothing comes after success. */
export const withPart = <Job extends PersonalDataJob>(
  job: Job,
  service: ServiceName,
  part: Part,
  now: Instant,
): Job => {
  if (job.services[service]?.status === 'succeeded') return job;
  const services = { ...job.services, [service]: part };
  const { finishedAt: _finishedAt, ...open } = job;
  const parts = [...before, 'team' as const].map((name) => services[name]?.status);
  if (parts.every((status) => status === 'succeeded'))
    return { ...job, services, status: 'succeeded', finishedAt: now };
  const status = parts.includes('failed') ? 'failed' : 'running';
  return { ...open, services, status } as Job;
};

const lastOf = (id: string): string => id.slice(-4);

/** Throws Conflict for someone who still works here, and so has to be known. */
export const assertErasable = ({ id, status }: MemberState): void => {
  if (status !== 'departed')
    throw new Conflict(`${id} is an active member; record the departure before erasing who it was.`);
};

/** What stays of a member: where and when there was one, so that the numbers keep their place. Throws Conflict. */
export const erasedMember = <Member extends MemberState>(member: Member): Member => {
  assertErasable(member);
  return { ...member, name: `Former member ${lastOf(member.id)}`, email: undefined, absences: undefined };
};

/** What stays of a candidate: which stages there were, and when. */
export const erasedCandidate = <Candidate extends CandidateState>(candidate: Candidate): Candidate => ({
  ...candidate,
  name: `Former candidate ${lastOf(candidate.id)}`,
  email: '',
  phone: undefined,
  source: undefined,
  notes: [],
  scorecards: [],
  stageHistory: candidate.stageHistory.map(({ stage, at, by }) => ({ stage, at, by })),
});
