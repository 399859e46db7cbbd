import type { Table } from '../../shared/dynamodb/table.ts';
import type { Message } from '../../shared/events/consumer.ts';
import type { EventContract } from '../../shared/events/contract.ts';
import type { AnyEventOf } from '../../shared/events/envelope.ts';
import { derivedId, EventId } from '../../shared/ids/id.ts';
import type { JobHandler } from '../../shared/jobs/handler.ts';
import type { Job } from '../../shared/jobs/job.ts';
import { Jobs } from '../../shared/jobs/jobs.ts';
import { jobWorker } from '../../shared/jobs/worker.ts';
import { createLogger } from '../../shared/observability/logger.ts';
import { type Clock, Instant } from '../../shared/time/instant.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;

/** An event as a queue delivers it. */
export const delivered = <Contract extends EventContract>(
  contract: Contract,
  {
    subject,
    data,
    version = 1,
  }: { readonly subject: string; readonly data: object; readonly version?: number },
  receiveCount = 1,
): Message<Contract> => ({
  event: {
    detailType: contract.detailType,
    metadata: {
      id: derivedId(EventId, contract.detailType, subject, String(version)),
      time: Instant.parse('2026-11-23T15:30:00Z'),
      ...cause,
      subject,
      version,
      epoch: 0,
    },
    data: contract.data.parse(data),
    // The contract parsed the data: it is one of its events.
  } as unknown as AnyEventOf<Contract>,
  messageId: 'message-1',
  receiveCount,
  cause,
  logger: createLogger(),
});

/** Lets a service's worker take its turns with one job until it has ended, a page a turn; answers it as it stands then. */
export const runJob = async (
  id: string,
  {
    table,
    clock,
    advanced,
    handlers,
    betweenTurns = async () => undefined,
  }: {
    readonly table: Table;
    readonly clock: Clock;
    readonly advanced: EventContract;
    readonly handlers: readonly JobHandler[];
    readonly betweenTurns?: () => Promise<unknown>;
  },
): Promise<Job> => {
  const work = jobWorker({ table, advanced, handlers, clock, maxReceiveCount: 5, budgetMilliseconds: 0 });
  const jobs = new Jobs(table, advanced, cause);
  for (;;) {
    const job = await jobs.get(id);
    if (job.status === 'succeeded' || job.status === 'failed') return job;
    const { kind, status, pages } = job;
    await work(delivered(advanced, { subject: id, data: { id, kind, status, pages } }));
    await betweenTurns();
  }
};
