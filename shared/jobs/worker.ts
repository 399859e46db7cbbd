import type { Stored } from '../dynamodb/entity.ts';
import type { Table } from '../dynamodb/table.ts';
import { AppError, PreconditionFailed, Unprocessable } from '../errors/errors.ts';
import type { Message } from '../events/consumer.ts';
import type { EventContract } from '../events/contract.ts';
import type { Outcome } from '../events/outcome.ts';
import { systemClock, type Clock } from '../time/instant.ts';
import type { JobHandler } from './handler.ts';
import { addedCounts, type Job } from './job.ts';
import { Jobs } from './jobs.ts';

/** An invocation works for so long, then hands itself the rest: well within the function's time. */
const BUDGET_MILLISECONDS = 15_000;

/** A job of more pages than this goes round in circles: a function that calls itself must have an end. */
const MOST_PAGES = 100_000;

export interface JobWorkerOptions {
  readonly table: Table;
  /** The service's own event that a slice is due. */
  readonly advanced: EventContract;
  readonly handlers: readonly JobHandler[];
  readonly maxReceiveCount: number;
  readonly clock?: Clock;
  readonly budgetMilliseconds?: number;
}

/** Someone else has saved this job meanwhile, and so is on it. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

const unlessOvertaken = async <T>(save: Promise<T>): Promise<T> => {
  try {
    return await save;
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    throw new Overtaken('The job was saved by another worker.', { cause: error });
  }
};

const problemOf = (error: unknown): string =>
  error instanceof AppError ? error.detail : 'The job met an internal error; start it again.';

/** Carries jobs on from where they stand, a time slice per event. */
export const jobWorker = ({
  table,
  advanced,
  handlers,
  maxReceiveCount,
  clock = systemClock,
  budgetMilliseconds = BUDGET_MILLISECONDS,
}: JobWorkerOptions) => {
  const work = async (jobs: Jobs, start: Stored<Job>, { cause }: Message): Promise<void> => {
    const handler = handlers.find(({ kind }) => kind === start.kind);
    if (handler === undefined) throw new TypeError(`Nothing here carries out ${start.kind}.`);
    const until = performance.now() + budgetMilliseconds;
    let job = start;
    for (;;) {
      // What a page writes begins a chain of its own, as a row of an import does.
      const page = await handler.page(job, { cause: { ...cause, startedAt: undefined }, clock });
      const isDone = page.position === undefined;
      const next: Stored<Job> = {
        ...job,
        status: isDone ? 'succeeded' : 'running',
        position: page.position === undefined ? undefined : { ...page.position },
        counts: addedCounts(job.counts, page.counts ?? {}),
        ...(page.found !== undefined && { found: { ...page.found } }),
        pages: job.pages + 1,
        ...(isDone && { finishedAt: clock.now() }),
      };
      if (!isDone && next.pages >= MOST_PAGES)
        throw new Unprocessable(`The job has not ended after ${String(MOST_PAGES)} pages.`);
      const goOn = !isDone && performance.now() >= until;
      job = await unlessOvertaken(jobs.save(next, { goOn, events: handler.tells?.(next) ?? [] }));
      if (isDone || goOn) return;
    }
  };

  const fail = async (jobs: Jobs, id: string, problem: string): Promise<void> => {
    const job = await jobs.get(id);
    const failed: Stored<Job> = { ...job, status: 'failed', problem, finishedAt: clock.now() };
    const handler = handlers.find(({ kind }) => kind === job.kind);
    await jobs.save(failed, { events: handler?.tells?.(failed) ?? [] });
  };

  return async (message: Message): Promise<Outcome> => {
    const jobs = new Jobs(table, advanced, message.cause);
    const found = await jobs.get(message.event.metadata.subject);
    if (found.status === 'succeeded') return 'duplicate';
    try {
      // One that had failed is taken up again as if it had not.
      const { problem: _problem, finishedAt: _finishedAt, ...open } = found;
      await work(jobs, open, message);
      return 'done';
    } catch (error) {
      if (error instanceof Overtaken) return 'duplicate';
      const isFinal = error instanceof Unprocessable;
      if (isFinal || message.receiveCount >= maxReceiveCount) await fail(jobs, found.id, problemOf(error));
      if (!isFinal) throw error;
      return 'done';
    }
  };
};
