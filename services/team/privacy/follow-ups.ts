import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { EventContract, ServiceName } from '../../../shared/events/contract.ts';
import { followUp, type FollowUp } from '../../../shared/events/follow-ups.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import {
  DealsPersonalDataHandled,
  GoalsPersonalDataHandled,
  MetricsPersonalDataHandled,
  type PersonalDataOutcome,
  PersonalDataRequest,
  TeamPersonalDataHandled,
} from '../../../shared/events/privacy.ts';
import { TeamJobAdvanced } from '../../../shared/events/team.ts';
import { derivedId, JobId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { PERSONAL_DATA } from '../../../shared/privacy/personal-data-job.ts';
import { othersAreDone } from '../domain/personal-data.ts';
import { PersonalDataRequests } from './requests.ts';

export const personalDataHandled = [
  DealsPersonalDataHandled,
  GoalsPersonalDataHandled,
  MetricsPersonalDataHandled,
  TeamPersonalDataHandled,
] as const;

/** Notes what a service did, and does this service’s own part once all others have done theirs. */
const noting =
  (table: Table, service: ServiceName) =>
  async ({
    event: { data },
    cause,
  }: Message<EventContract<typeof PersonalDataOutcome>>): Promise<Outcome> => {
    const { jobId, ...part } = data;
    const request = await new PersonalDataRequests(table, cause).note(jobId, service, part);
    if (!othersAreDone(request)) return 'done';
    const input = PersonalDataRequest.parse(request);
    const job = newJob(
      { id: derivedId(JobId, PERSONAL_DATA, jobId), kind: PERSONAL_DATA, input },
      table.clock,
    );
    await new Jobs(table, TeamJobAdvanced, cause).start(job);
    return 'done';
  };

export const personalDataFollowUps = (table: Table): readonly FollowUp[] => [
  followUp(DealsPersonalDataHandled, noting(table, 'deals')),
  followUp(GoalsPersonalDataHandled, noting(table, 'goals')),
  followUp(MetricsPersonalDataHandled, noting(table, 'metrics')),
  followUp(TeamPersonalDataHandled, noting(table, 'team')),
];
