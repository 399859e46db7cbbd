import { absent } from '../../../shared/dynamodb/expressions.ts';
import type { Identified, Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, IdempotencyKeyReused } from '../../../shared/errors/errors.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';

/** Longer than anyone goes on repeating a request. */
const KEPT_DAYS = 30;

/**
 * Creates an entity whose id may derive from a natural key (external id, SKU) rather than from the Idempotency-Key. So the
 * key is claimed for this body first: with another body it might derive another id. A repeated request answers with what
 * the first one made.
 * @throws AlreadyExists where the natural key is taken; IdempotencyKeyReused for a key used with another body
 */
export const createAs = async <T extends Identified>(
  repository: Pick<Repository<T>, 'create' | 'get'>,
  entity: T,
  request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  event: OutboxEvent,
  table: Table,
  also: readonly TransactItem[] = [],
): Promise<Stored<T>> => {
  const { idempotencyKey, requestHash } = request;
  if (idempotencyKey === undefined) return repository.create(entity, event, { also });
  const origin = await claimedOrigin(table, idempotencyKey, requestHash);
  try {
    return await repository.create(entity, event, { requestHash: origin, also });
  } catch (error) {
    if (error instanceof AlreadyExists && error.requestHash === origin) return repository.get(entity.id);
    throw error;
  }
};

/**
 * Claims the key for this body, and answers what tells a repetition of this very request. With the key: another caller's
 * request may read the same, and must not be answered with what isn't theirs to see.
 * @throws IdempotencyKeyReused for a key used with another body
 */
export const claimedOrigin = async (table: Table, key: string, requestHash: string): Promise<string> => {
  await claim(table, key, requestHash);
  return `${key} ${requestHash}`;
};

const claim = async (table: Table, key: string, requestHash: string): Promise<void> => {
  const expiresAt = Math.floor(Date.parse(table.clock.now()) / 1000) + KEPT_DAYS * 86_400;
  try {
    await table.put(
      { pk: `idempotency-key#${key}`, sk: 'claim', type: 'idempotency-key', requestHash, expiresAt },
      absent,
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (error.existing.get(0)?.requestHash !== requestHash) throw new IdempotencyKeyReused();
  }
};
