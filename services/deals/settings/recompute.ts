import * as z from 'zod';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { DealUpdated, OrderAdjusted } from '../../../shared/events/deals.ts';
import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import type { JobPage } from '../../../shared/jobs/handler.ts';
import type { SettingsChangePage } from '../../../shared/settings-change/job.ts';
import { changesCurrency, changesZone } from '../../../shared/settings-change/what-changes.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { orderEntity } from '../commerce/entities.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import { dealChange } from '../domain/deal-change.ts';
import { noRate } from '../domain/fx.ts';
import {
  type NeededRate,
  rateForDeal,
  rateForOrder,
  ratesForBooked,
  recomputedDeal,
  recomputedOrder,
} from '../domain/recomputation.ts';
import { awaitsRate } from '../domain/valuation.ts';
import { rateMarks } from '../store/awaiting-rates.ts';
import { dealEntity } from '../store/entities.ts';
import { FxRateStore } from '../store/fx-rate-store.ts';
import { CountedPosition, countedPage } from './counted-page.ts';
import { allPartitions } from './partitions.ts';
import { ratesOf } from './rates.ts';

/** A second time round finds what moved from before it to behind it meanwhile, as by another owner; it writes nothing else. */
const ROUNDS = 2;
const Position = z.object({ round: z.int(), page: CountedPosition.optional() });

const CONCURRENT = 10;
/** Others may write the same deal at the same time. */
const ATTEMPTS = 8;

/** What is to be written in place of `stored`; undefined where it stands already. */
type Next<T> = (stored: Stored<T>) => Promise<Stored<T> | undefined>;

const rewritten = async <T extends { readonly id: string }>(
  stored: Stored<T>,
  next: Next<T>,
  repository: Pick<Repository<T>, 'get'>,
  save: (before: Stored<T>, after: Stored<T>) => Promise<unknown>,
): Promise<boolean> => {
  let before = stored;
  for (let attempt = 1; ; attempt += 1) {
    const after = await next(before);
    if (after === undefined) return false;
    try {
      await save(before, after);
      return true;
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || attempt === ATTEMPTS) throw error;
      before = await repository.get(stored.id);
    }
  }
};

const recomputing = (table: Table, change: SettingsChangeData, cause: Cause, clock: Clock) => {
  const rates = new FxRateStore(table);
  const deals = new Repository(table, dealEntity, cause);
  const orders = new Repository(table, orderEntity, cause);
  const { id } = change;

  /** Looks up what is needed; what is indispensable and missing stops the change. */
  const lookUp = async (needed: NeededRate | undefined, booked: readonly NeededRate[], mayWait: boolean) => {
    const all = [...(needed === undefined ? [] : [needed]), ...booked];
    const found = await ratesOf(rates, all);
    const missing = all.find((each) => found(each) === undefined && !(mayWait && each === needed));
    if (missing !== undefined) throw noRate(missing.currency, missing.reporting, missing.day);
    return { needed, rateOf: found };
  };
  const nextDeal: Next<Deal> = async (deal) => {
    if ((deal.deleted && deal.booked === undefined) || deal.recomputedFor === id) return undefined;
    const mayWait = deal.deleted || deal.status === 'open' || awaitsRate(deal);
    const needed = rateForDeal(deal, change, clock.now());
    return recomputedDeal(deal, change, await lookUp(needed, ratesForBooked(deal, change), mayWait));
  };
  const nextOrder: Next<OrderRecord> = async (order) => {
    if (order.recomputedFor === id) return undefined;
    const needed = rateForOrder(order, change);
    return recomputedOrder(order, change, await lookUp(needed, ratesForBooked(order, change), false));
  };
  return {
    deal: async (deal: Stored<Deal>) =>
      rewritten(deal, nextDeal, deals, async (before, after) =>
        deals.save(
          after,
          { contract: DealUpdated, change: { change: dealChange(before, after) } },
          { also: rateMarks(before, after) },
        ),
      ),
    order: async (order: Stored<OrderRecord>) =>
      rewritten(order, nextOrder, orders, async (_before, after) => orders.save(after, OrderAdjusted)),
  };
};

/**
 * Writes every deal and order again by the new settings, so that each is told again and metrics counts it anew. What was
 * written for this change before stays as it is.
 * @throws Unprocessable where a rate is missing after all
 */
export const recomputePage =
  (table: Table): SettingsChangePage =>
  async ({ change, job }, { cause, clock }): Promise<JobPage> => {
    if (!changesCurrency(change) && !changesZone(change)) return {};
    const { round, page: from } = Position.parse(job.position ?? { round: 1 });
    const page = await countedPage(table, await allPartitions(table, new Directory(table)), from);
    const write = recomputing(table, change, cause, clock);
    const deals = await mapConcurrently(page.deals, CONCURRENT, write.deal);
    const orders = await mapConcurrently(page.orders, CONCURRENT, write.order);
    const isWritten = (one: boolean): boolean => one;
    const next =
      page.next !== undefined
        ? { round, page: page.next }
        : round < ROUNDS
          ? { round: round + 1 }
          : undefined;
    return {
      position: next,
      counts: { deals: deals.filter(isWritten).length, orders: orders.filter(isWritten).length },
    };
  };
