import * as z from 'zod';
import type { Table } from '../dynamodb/table.ts';
import type { OutboxEvent } from '../dynamodb/outbox.ts';
import type { Message } from '../events/consumer.ts';
import type { EventContract } from '../events/contract.ts';
import type { Outcome } from '../events/outcome.ts';
import {
  SettingsChangeData,
  SettingsChangeReport,
  type SettingsChangePhase,
  type SettingsChangeRequested,
} from '../events/settings-change.ts';
import { derivedId, JobId } from '../ids/id.ts';
import type { JobHandler, JobPage, JobRun } from '../jobs/handler.ts';
import { type Job, newJob } from '../jobs/job.ts';
import { Jobs } from '../jobs/jobs.ts';
import { systemClock, type Clock } from '../time/instant.ts';

export const SETTINGS_CHANGE = 'settings-change';

/** What a service found while it looked, as its job keeps it from page to page. */
export const SettingsChangeFound = SettingsChangeReport.pick({
  missingRates: true,
  movedGoals: true,
  rate: true,
}).extend({ problems: z.array(z.string()).optional() });
export type SettingsChangeFound = z.infer<typeof SettingsChangeFound>;

export type SettingsChangePage = (
  work: { readonly change: SettingsChangeData; readonly job: Job; readonly found: SettingsChangeFound },
  run: JobRun,
) => Promise<JobPage>;

const statusOf = ({ status }: Job): SettingsChangeReport['status'] =>
  status === 'succeeded' ? 'done' : status === 'failed' ? 'failed' : 'running';

const reportOf = (job: Job): SettingsChangeReport => {
  const { id, phase } = SettingsChangeData.parse(job.input);
  const { problems = [], ...found } = SettingsChangeFound.parse(job.found ?? {});
  return {
    ...found,
    id,
    phase,
    status: statusOf(job),
    counts: job.counts,
    problems: job.problem === undefined ? problems : [...problems, job.problem],
  };
};

const settingsChangeReport = (job: Job, reported: EventContract): OutboxEvent => ({
  contract: reported,
  change: reportOf(job),
});

/**
 * Starts the job of the phase that is due, once however often it is told. Where it has ended, its report is told again, and
 * one that has failed goes on: so telling the change again brings on one that has got stuck.
 */
export const startSettingsChange =
  ({
    table,
    advanced,
    reported,
    clock = systemClock,
  }: {
    readonly table: Table;
    readonly advanced: EventContract;
    readonly reported: EventContract;
    readonly clock?: Clock;
  }) =>
  async ({ event: { data }, cause }: Message<typeof SettingsChangeRequested>): Promise<Outcome> => {
    const id = derivedId(JobId, SETTINGS_CHANGE, data.id, data.phase);
    const jobs = new Jobs(table, advanced, cause);
    const job = await jobs.start(newJob({ id, kind: SETTINGS_CHANGE, input: data }, clock));
    if (job.status === 'succeeded') await jobs.save(job, { events: [settingsChangeReport(job, reported)] });
    if (job.status === 'failed') await jobs.save(job, { goOn: true });
    return 'done';
  };

/** Carries out the phases of a change of settings in a service, and reports to team after every page. */
export const settingsChangeHandler = ({
  reported,
  phases,
}: {
  readonly reported: EventContract;
  /** Nothing is done in one that is left out. */
  readonly phases: Readonly<Partial<Record<SettingsChangePhase, SettingsChangePage>>>;
}): JobHandler => ({
  kind: SETTINGS_CHANGE,
  page: async (job, run) => {
    const change = SettingsChangeData.parse(job.input);
    const found = SettingsChangeFound.parse(job.found ?? {});
    return (await phases[change.phase]?.({ change, job, found }, run)) ?? {};
  },
  tells: (job) => [settingsChangeReport(job, reported)],
});
