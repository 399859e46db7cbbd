import { setTimeout as delay } from 'node:timers/promises';
import { deliveryEntity, type DeliveryRecord } from '../../../services/deals/commerce/entities.ts';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { DeliveryReceived } from '../../../shared/events/deals.ts';

type Delivery = Stored<DeliveryRecord>;
export type DeliveryStatus = DeliveryRecord['status'];

const CONCURRENT_WRITES = 8;
const LOOK_EVERY_MS = 250;
/** Longer than the queue's first retries take. What is not carried out by then fails for a reason of its own. */
const PATIENCE_MS = 60_000;

const tellAgain = async (repository: Repository<DeliveryRecord>, delivery: Delivery): Promise<void> => {
  const { note: _note, ...rest } = delivery;
  try {
    await repository.save({ ...rest, status: 'received' }, DeliveryReceived);
  } catch (error) {
    // It was carried out this very moment.
    if (!(error instanceof PreconditionFailed)) throw error;
  }
};

/**
 * Has deliveries carried out again, as if they had just come in, and waits for it. Carrying one out twice changes nothing.
 * Answers how they stand afterwards: `received` are those that nobody carried out for a minute.
 */
export const carryOutAgain = async (
  deliveries: readonly Delivery[],
  { table, cause, signal }: { readonly table: Table; readonly cause: Cause; readonly signal: AbortSignal },
): Promise<readonly DeliveryStatus[]> => {
  const repository = new Repository(table, deliveryEntity, cause);
  await mapConcurrently(deliveries, CONCURRENT_WRITES, async (delivery) => tellAgain(repository, delivery));
  const keys = deliveries.map(({ id }) => deliveryEntity.key(id));
  let waiting = deliveries.length;
  for (let since = performance.now(); ;) {
    const statuses = (await table.batchGet(keys)).map((item) => storedFrom<DeliveryRecord>(item).status);
    const left = statuses.filter((status) => status === 'received').length;
    if (left < waiting) since = performance.now();
    waiting = left;
    if (left === 0 || signal.aborted || performance.now() - since > PATIENCE_MS) return statuses;
    await delay(LOOK_EVERY_MS);
  }
};
