import * as z from 'zod';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { NotYet, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { derivedId, OrderId, StoreId } from '../../../shared/ids/id.ts';
import type { JobHandler, JobPage } from '../../../shared/jobs/handler.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { applyMessage, type OrderRecord } from '../domain/commerce/order.ts';
import { type OrderMessage, UnreadableDelivery } from '../domain/commerce/order-message.ts';
import { orderEntity, storeEntity } from './entities.ts';
import type { Orders } from './orders.ts';
import { StoreApiFailure } from './platform-api/failure.ts';
import type { PlatformApi, ToldOrders } from './platform-api/platform-api.ts';
import type { PlatformApis } from './platform-api/platform-apis.ts';

export const RECONCILE_STORE = 'reconcile-store';

export const ReconcileInput = z.object({ storeId: StoreId, from: Instant, dryRun: z.boolean() });
const Position = z.object({ after: z.string() });

/** How many of the orders that were missing or had changed are named. */
const NAMED = 100;
export const Reconciled = z.object({
  missing: z.array(z.string()).default([]),
  changed: z.array(z.string()).default([]),
});

interface Sources {
  readonly table: Table;
  readonly apis: PlatformApis;
  readonly ordersFor: (cause: Cause) => Pick<Orders, 'apply'>;
}

/**
 * Asks a store's platform for the orders that changed since an instant, and takes in what its webhooks did not bring. An order
 * that is here as the platform has it is left alone, so that going over a page again changes nothing.
 */
export const reconcileStore = ({ table, apis, ordersFor }: Sources): JobHandler => ({
  kind: RECONCILE_STORE,
  async page(job, run): Promise<JobPage> {
    const { storeId, from, dryRun } = ReconcileInput.parse(job.input);
    const { after } = Position.partial().parse(job.position ?? {});
    const store = await new Repository(table, storeEntity, run.cause).get(storeId);
    const api = await apis.of(store);
    if (api === undefined)
      throw new Unprocessable('The store’s API can’t be asked: it was given no access to it.');
    const { orders: told, next } = await asked(api, from, after);
    const cause: Cause = { ...run.cause, actor: `store:${storeId}` };
    const orders = ordersFor(cause);
    const stored = new Repository(table, orderEntity, cause);
    const found = Reconciled.parse(job.found ?? {});
    const counts = { orders: 0, missing: 0, changed: 0, unchanged: 0 };
    for (const { externalId, message } of told) {
      const id = orderIdOf(storeId, message);
      if (id === undefined) continue;
      counts.orders += 1;
      // Dated by its own last change: what a delivery brought of the same state is not older than it.
      const at = message.kind === 'snapshot' ? message.snapshot.updatedAt : from;
      const outcome = outcomeOf(await stored.find(id), message, at);
      counts[outcome] += 1;
      if (outcome === 'unchanged') continue;
      if (found[outcome].length < NAMED) found[outcome].push(externalId);
      if (!dryRun) await orders.apply(store, message, at);
    }
    return { ...(next !== undefined && { position: { after: next } }), counts, found };
  },
});

const orderIdOf = (storeId: StoreId, message: OrderMessage): OrderId | undefined => {
  switch (message.kind) {
    case 'snapshot':
      return derivedId(OrderId, storeId, message.snapshot.externalId);
    case 'refund':
    case 'deletion':
      return derivedId(OrderId, storeId, message.orderExternalId);
    default:
      return undefined;
  }
};

/** What the message would make of what is known of the order. */
const outcomeOf = (
  known: OrderRecord | undefined,
  message: OrderMessage,
  at: Instant,
): 'missing' | 'changed' | 'unchanged' => {
  if (known?.snapshot === undefined) return 'missing';
  return applyMessage(known, message, at) === known ? 'unchanged' : 'changed';
};

const asked = async (api: PlatformApi, from: Instant, after: string | undefined): Promise<ToldOrders> => {
  try {
    return await api.changedSince(from, after);
  } catch (error) {
    if (error instanceof UnreadableDelivery)
      throw new Unprocessable(`An order of the store’s API can’t be read: ${error.message}`);
    if (!(error instanceof StoreApiFailure)) throw error;
    // Asked again when the queue hands the job out again; at the last time the job fails with this text.
    if (error.problem === 'unavailable')
      throw new NotYet(`The store’s API is not available: ${error.message}.`);
    throw new Unprocessable(`The store’s API does not give its orders: ${error.message}.`);
  }
};
