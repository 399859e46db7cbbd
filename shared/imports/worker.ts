import { setTimeout as pause } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ConditionFailed } from '../dynamodb/write-errors.ts';
import type { Stored } from '../dynamodb/entity.ts';
import { AppError, PreconditionFailed, Unprocessable } from '../errors/errors.ts';
import { consumer, type Message } from '../events/consumer.ts';
import type { Subscription } from '../events/subscription.ts';
import { steps as logged, tellSteps } from '../observability/steps.ts';
import { systemClock, type Clock } from '../time/instant.ts';
import { Arrivals, objectCreated } from './arrivals.ts';
import { inspectUpload } from './inspect.ts';
import { fail, type ImportJob } from './job.ts';
import type { ImportHandler, ImportRun } from './kind.ts';
import { carryOn } from './run.ts';
import { Imports, type ImportStorage } from './storage.ts';

/** An invocation works for so long, then lets another one go on: well within the function's time. */
const BUDGET_MILLISECONDS = 15_000;

/** Someone else has saved this job meanwhile, and so is on it. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

const unlessOvertaken = async <T>(save: Promise<T>): Promise<T> => {
  try {
    return await save;
  } catch (error) {
    if (!(error instanceof ConditionFailed || error instanceof PreconditionFailed)) throw error;
    throw new Overtaken('The import was saved by another worker.', { cause: error });
  }
};

/** Why a job fails, as its report says it: what the caller can mend, or that there is nothing to mend. */
const problemOf = (error: unknown): string =>
  error instanceof AppError ? error.detail : 'The import met an internal error; start it again.';

const runOf = (job: ImportJob, cause: ImportRun['cause'], clock: Clock): ImportRun => ({
  importId: job.id,
  dryRun: job.dryRun,
  ...(job.currency === undefined ? {} : { currency: job.currency }),
  createMissing: new Set(job.createMissing),
  cause,
  clock,
});

/** Totals so far, rows of the page included; the report has the bad rows themselves. */
const progressOf = ({
  id,
  kind,
  status,
  rows,
  done,
  created,
  updated,
  unchanged,
  rejected,
  deferred,
}: ImportJob) => ({
  subject: id,
  kind,
  outcome: status,
  rows,
  done,
  created,
  updated,
  unchanged,
  rejected,
  deferred: deferred.length,
});

/** The handler that carries imports on: from where the job stands, a time slice per event. */
export const importWorker = ({
  subscription: declared,
  storage,
  handlers,
  clock = systemClock,
}: {
  readonly subscription: Subscription;
  readonly storage: ImportStorage;
  readonly handlers: readonly ImportHandler[];
  readonly clock?: Clock;
}) => {
  const work = async (
    imports: Imports,
    job: Stored<ImportJob>,
    { cause, logger }: Message,
  ): Promise<void> => {
    const handler = handlers.find(({ kind }) => kind.kind === job.kind);
    if (handler === undefined) throw new TypeError(`Nothing here takes in ${job.kind}.`);
    const start =
      job.inspected === false
        ? await unlessOvertaken(
            imports.save(await inspectUpload(handler.kind, job, (from) => imports.bytes(job, from)), []),
          )
        : job;
    const until = performance.now() + BUDGET_MILLISECONDS;
    const worked = await carryOn(start, {
      handler,
      // A row's way begins when it is written, not when the file came in.
      run: runOf(job, { ...cause, startedAt: undefined }, clock),
      steps: {
        read: (read, from) => imports.bytes(read, from),
        async save(changed, errors, preview) {
          const saved = await unlessOvertaken(imports.save(changed, errors, { preview }));
          tellSteps(logger, logged.importPage, [progressOf(saved)]);
          return saved;
        },
        isTimeUp: () => performance.now() >= until,
        wait: async (milliseconds) => pause(milliseconds),
      },
    });
    if (worked.status === 'running') await unlessOvertaken(imports.save(worked, [], { goOn: true }));
  };

  const handle = async (message: Message): Promise<void> => {
    const imports = new Imports(storage, message.cause);
    const job = await imports.get(message.event.metadata.subject);
    // One whose file is awaited is told of after a restore only; the file's arrival starts it.
    if (job.status === 'succeeded' || job.status === 'awaitingUpload') return;
    try {
      // One that had failed is taken up again as if it had not.
      const { problem: _problem, finishedAt: _finishedAt, ...open } = job;
      await work(imports, open, message);
    } catch (error) {
      if (error instanceof Overtaken) {
        message.logger.info('Another worker is on this import', { importId: job.id });
        return;
      }
      // A file that can't be read will not be readable later; all else is tried as often as the queue hands it out.
      const isFinal = error instanceof Unprocessable;
      if (isFinal || message.receiveCount >= declared.maxReceiveCount) {
        await imports.save(fail(await imports.get(job.id), problemOf(error), clock), []);
      }
      if (!isFinal) throw error;
    }
  };

  const consume = consumer({
    subscription: declared,
    handle: async (messages) => {
      for (const message of messages) await handle(message);
    },
  });
  const arrivals = new Arrivals(storage, clock);

  return async (
    { Records }: Pick<SQSEvent, 'Records'>,
    invocation?: Parameters<typeof consume>[1],
  ): Promise<SQSBatchResponse> => {
    const uploads = Records.filter(({ body }) => objectCreated(body) !== undefined);
    const failed = await arrivals.handle(uploads);
    const events = Records.filter((record) => !uploads.includes(record));
    const { batchItemFailures } =
      events.length === 0 ? { batchItemFailures: [] } : await consume({ Records: events }, invocation);
    return {
      batchItemFailures: [...failed.map((itemIdentifier) => ({ itemIdentifier })), ...batchItemFailures],
    };
  };
};
