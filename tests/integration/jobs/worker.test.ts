import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { followUp, followUpsConsumer, followUpsSubscription } from '../../../shared/events/follow-ups.ts';
import { TeamJobAdvanced } from '../../../shared/events/team.ts';
import { derivedId, EventId, JobId } from '../../../shared/ids/id.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { sqsRecord } from '../../support/sqs-record.ts';
import { streamRecords } from '../../support/stream.ts';

const cause = { correlationId: 'c', actor: 'system' } as const;
const clock = { now: () => instantFrom(Date.UTC(2026, 10, 23, 9, 30)) };
const id = derivedId(JobId, 'x');
const subscription = followUpsSubscription('team', [TeamJobAdvanced]);

let dynoxide: Dynoxide;
let table: Table;
let jobs: Jobs;
beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(async () => {
  await dynoxide.stop();
});
beforeEach(async () => {
  table = await dynoxide.table();
  jobs = new Jobs(table, TeamJobAdvanced, cause);
});

/** Counts up to `last`, a number a page. */
const counting = (
  last: number,
  each: (at: number) => Promise<void> | void = () => undefined,
): JobHandler => ({
  kind: 'counting',
  page: async ({ position }) => {
    const at = Number(position?.at ?? 0) + 1;
    await each(at);
    return { counts: { numbers: 1 }, position: at < last ? { at } : undefined };
  },
});

const work = async (handler: JobHandler, { receiveCount = 1, budgetMilliseconds = 60_000 } = {}) => {
  const worker = jobWorker({
    table,
    advanced: TeamJobAdvanced,
    handlers: [handler],
    maxReceiveCount: subscription.maxReceiveCount,
    clock,
    budgetMilliseconds,
  });
  const { batchItemFailures } = await followUpsConsumer(subscription, [followUp(TeamJobAdvanced, worker)])({
    Records: [
      sqsRecord(
        TeamJobAdvanced,
        {
          subject: id,
          id: derivedId(EventId, 'e'),
          data: { id, kind: 'counting', status: 'queued', pages: 0 },
        },
        receiveCount,
      ),
    ],
  });
  return batchItemFailures.length;
};

/** How often the service was told that a slice is due. */
const slicesDue = async (): Promise<number> =>
  (await streamRecords(dynoxide, table.name)).filter(({ dynamodb }) => dynamodb?.NewImage?.outboxId).length;

const start = async () => jobs.start(newJob({ id, kind: 'counting', input: {} }, clock));

describe('a job', () => {
  it('is one for its id, however often it is started', async () => {
    await start();
    await start();
    expect(await slicesDue()).toBe(1);
  });

  it('goes through its pages in one slice where there is time, and says what came of it', async () => {
    await start();
    expect(await work(counting(3))).toBe(0);
    expect(await jobs.get(id)).toMatchObject({
      status: 'succeeded',
      pages: 3,
      counts: { numbers: 3 },
      finishedAt: clock.now(),
    });
    expect(await slicesDue()).toBe(1);
  });

  it('hands itself the rest when its time is up, and goes on where it stood', async () => {
    await start();
    const seen: number[] = [];
    const handler = counting(3, (at) => void seen.push(at));
    await work(handler, { budgetMilliseconds: 0 });
    expect(await jobs.get(id)).toMatchObject({ status: 'running', pages: 1 });
    expect(await slicesDue()).toBe(2);
    await work(handler, { budgetMilliseconds: 0 });
    await work(handler, { budgetMilliseconds: 0 });
    expect(await jobs.get(id)).toMatchObject({ status: 'succeeded', counts: { numbers: 3 } });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('takes a page again after a crash in it, and counts it once', async () => {
    await start();
    let crashes = 1;
    const handler = counting(3, (at) => {
      if (at === 2 && (crashes -= 1) === 0) throw new Error('killed');
    });
    expect(await work(handler)).toBe(1);
    expect(await jobs.get(id)).toMatchObject({ status: 'running', pages: 1 });
    expect(await work(handler, { receiveCount: 2 })).toBe(0);
    expect(await jobs.get(id)).toMatchObject({ status: 'succeeded', counts: { numbers: 3 } });
  });

  it('has failed after its last attempt, says why without what is inside, and can be taken up again', async () => {
    await start();
    const broken = counting(3, () => {
      throw new Error('secret of the engine');
    });
    expect(await work(broken, { receiveCount: subscription.maxReceiveCount })).toBe(1);
    const failed = await jobs.get(id);
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed.problem).not.toContain('secret');
    await work(counting(3));
    const again = await jobs.get(id);
    expect(again).toMatchObject({ status: 'succeeded' });
    expect(again.problem).toBeUndefined();
  });

  it('fails at once, with the rule’s own words, where a rule says no', async () => {
    await start();
    const refused = counting(3, () => {
      throw new Unprocessable('There is no rate into EUR.');
    });
    expect(await work(refused)).toBe(0);
    expect(await jobs.get(id)).toMatchObject({ status: 'failed', problem: 'There is no rate into EUR.' });
  });

  it('leaves a job alone that another worker has saved meanwhile', async () => {
    await start();
    const overtaken = counting(3, async (at) => {
      if (at === 1) await jobs.save(await jobs.get(id));
    });
    expect(await work(overtaken)).toBe(0);
    expect(await jobs.get(id)).toMatchObject({ status: 'queued', pages: 0 });
  });

  it('does nothing when an event of a finished one comes again', async () => {
    await start();
    await work(counting(1));
    const { version } = await jobs.get(id);
    await work(counting(1));
    expect((await jobs.get(id)).version).toBe(version);
  });
});

it('a subscription that nothing follows from is refused when the function starts', () => {
  expect(() => followUpsConsumer(subscription, [])).toThrow(/TeamJobAdvanced/);
});
