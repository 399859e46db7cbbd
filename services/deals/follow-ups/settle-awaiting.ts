import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import { equals } from '../../../shared/dynamodb/expressions.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import { DealsJobAdvanced, type FxRatesSet } from '../../../shared/events/deals.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { DayBegan } from '../../../shared/events/team.ts';
import { derivedId, JobId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import type { JobHandler, JobRun } from '../../../shared/jobs/handler.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { type AwaitingDeal, awaitingDeals, isMarkOf } from '../store/awaiting-rates.ts';
import { latestRateDay } from '../store/fx-rate-store.ts';
import { dealEntity } from '../store/entities.ts';
import { dealChanger } from './settled-deals.ts';

export const SETTLE_AWAITING = 'settle-awaiting';

const PAGE = 25;

/** Without currencies: of all. */
const Input = z.object({
  currencies: z.array(z.string()).optional(),
  /** Only those of days up to the latest one with a rate: a file of rates is being taken in. */
  upToLatest: z.boolean().default(false),
});
const Position = z.object({
  /** Which of the currencies. */
  nth: z.int().default(0),
  after: z.record(z.string(), z.unknown()).optional(),
});

interface Sources {
  readonly table: Table;
  readonly directory: Directory;
}

/** A mark that a crash or a restored table left behind goes, if the deal it names is still as it was read. */
const tidy = async ({ id, key }: AwaitingDeal, table: Table, run: JobRun): Promise<void> => {
  const deal = await new Repository(table, dealEntity, run.cause).find(id);
  if (deal !== undefined && isMarkOf(deal, key)) return;
  const check =
    deal === undefined
      ? []
      : [{ check: dealEntity.key(id), condition: equals({ version: deal.version }) } as const];
  try {
    await table.transact([{ remove: key }, ...check]);
  } catch (error) {
    // Someone has just written the deal, and its mark with it.
    if (!(error instanceof ConditionFailed)) throw error;
  }
};

/**
 * Values closed deals that waited for a rate, once one is known for the day of their close or an earlier one. Those that go on
 * waiting stay as they are, and so does whatever a page before has settled.
 */
export const settleAwaiting = (sources: Sources): JobHandler => ({
  kind: SETTLE_AWAITING,
  page: async (job, run) => {
    const { currencies = [undefined], upToLatest } = Input.parse(job.input);
    const { nth, after } = Position.parse(job.position ?? {});
    const change = dealChanger(sources, run);
    const { table, directory } = sources;
    const currency = currencies[nth];
    const latest = upToLatest && currency !== undefined ? await latestRateDay(table, currency) : undefined;
    const { timeZone } = await directory.organization();
    const page = await awaitingDeals(table, { currency, limit: PAGE, after });
    const counts = { settled: 0, refused: 0 };
    const due = page.deals.filter(
      ({ closedAt }) => !upToLatest || (latest !== undefined && dayOf(closedAt, timeZone) <= latest),
    );
    for (const awaiting of due)
      try {
        // Settled as it is saved: without a rate nothing differs, and nothing is written.
        const isSettled = await change(awaiting.id, (deal) =>
          isMarkOf(deal, awaiting.key) ? { ...deal, updatedAt: run.clock.now() } : deal,
        );
        if (isSettled) counts.settled += 1;
        else await tidy(awaiting, table, run);
      } catch (error) {
        // One that can't be counted must not keep the others waiting.
        if (!(error instanceof Unprocessable)) throw error;
        counts.refused += 1;
      }
    const next =
      page.after !== undefined
        ? { nth, after: page.after }
        : nth + 1 < currencies.length
          ? { nth: nth + 1 }
          : undefined;
    return { ...(next && { position: next }), counts };
  },
});

const start = async (
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  { event, cause }: Pick<Message, 'event' | 'cause'>,
  currencies: readonly string[] | undefined,
  upToLatest = false,
): Promise<Outcome> => {
  const found = await Promise.all(
    (currencies ?? [undefined]).map(async (currency) => awaitingDeals(table, { currency, limit: 1 })),
  );
  if (found.every(({ deals }) => deals.length === 0)) return 'irrelevant';
  const id = derivedId(JobId, SETTLE_AWAITING, event.metadata.id);
  const job = newJob(
    { id, kind: SETTLE_AWAITING, input: { ...(currencies && { currencies }), upToLatest } },
    clock,
  );
  await new Jobs(table, DealsJobAdvanced, cause).start(job);
  return 'done';
};

/** Rates that were set value the deals that waited for one; those of a file once it has come to their day, the rest with the day. */
export const followRates =
  (sources: { readonly table: Table; readonly clock: Clock }) =>
  async (message: Message<typeof FxRatesSet>): Promise<Outcome> =>
    start(sources, message, Object.keys(message.event.data.rates), message.event.data.imported);

/** Once a day all are tried: a rate may lead to another currency over a former reporting currency. */
export const followDayForAwaiting =
  (sources: { readonly table: Table; readonly clock: Clock }) =>
  async (message: Message<typeof DayBegan>): Promise<Outcome> =>
    start(sources, message, undefined);
