import type { FrozenRate, OrderState } from '../../../../shared/events/deals.ts';
import type { OrderId, ProductId, StoreId } from '../../../../shared/ids/id.ts';
import type { Money } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import type { OrderMessage, OrderSnapshot, SnapshotRefund } from './order-message.ts';

export interface RecordedRefund extends Omit<SnapshotRefund, 'at'> {
  readonly at: Instant;
  /**
   * How much the source knew: 0 the refund alone, dated by its delivery; 1 the refund alone, with a time of its own;
   * 2 the order, which also knows whether prices include tax. The one that knew more replaces the other.
   */
  readonly authority: 0 | 1 | 2;
}

/**
 * What is known of an order, whatever came first: a refund or a deletion may arrive before the order itself, which
 * then has no snapshot yet and counts for nothing.
 */
export interface OrderRecord {
  readonly id: OrderId;
  readonly storeId: StoreId;
  readonly platform: string;
  readonly externalId: string;
  readonly snapshot?: OrderSnapshot;
  /** Orders snapshots of the same `updatedAt`. */
  readonly snapshotTriggeredAt?: Instant;
  /** By external id; only grows. */
  readonly refunds: readonly RecordedRefund[];
  /** A tombstone: nothing that arrives later brings the order back. */
  readonly deleted: boolean;
  readonly attribution?: OrderState['attribution'];
  /** By SKU, as the catalogue knew them when the snapshot was taken in. */
  readonly productIds: Readonly<Record<string, ProductId>>;
  readonly frozenRate?: FrozenRate;
  readonly reportingNet?: Money;
  readonly reportingRefunds?: Readonly<Record<string, Money>>;
}

const isNewer = (
  record: OrderRecord,
  snapshot: OrderSnapshot,
  triggeredAt: Instant,
): boolean => {
  const known = record.snapshot;
  if (known === undefined) return true;
  if (snapshot.updatedAt !== known.updatedAt) return snapshot.updatedAt > known.updatedAt;
  const knownTrigger = record.snapshotTriggeredAt ?? '';
  if (triggeredAt !== knownTrigger) return triggeredAt > knownTrigger;
  // Nothing tells which is later: any fixed choice makes every order of arrival end alike.
  return JSON.stringify(snapshot) > JSON.stringify(known);
};

const withRefund = (
  refunds: readonly RecordedRefund[],
  refund: SnapshotRefund,
  triggeredAt: Instant,
  source: 'order' | 'refund',
): readonly RecordedRefund[] => {
  const { at, ...rest } = refund;
  const authority = source === 'order' ? 2 : at === undefined ? 0 : 1;
  const recorded: RecordedRefund = { ...rest, at: at ?? triggeredAt, authority };
  const known = refunds.find((other) => other.externalId === refund.externalId);
  if (known === undefined) {
    return [...refunds, recorded].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  }
  const better = known.authority === authority ? recorded.at < known.at : authority > known.authority;
  return better ? refunds.map((other) => (other === known ? recorded : other)) : refunds;
};

/**
 * The record after a message; the very same object when the message tells nothing new. Any order of any repetition
 * of the same messages ends in the same record.
 */
export const applyMessage = (record: OrderRecord, message: OrderMessage, triggeredAt: Instant): OrderRecord => {
  switch (message.kind) {
    case 'irrelevant':
      return record;
    case 'deletion':
      return record.deleted ? record : { ...record, deleted: true };
    case 'refund': {
      const refunds = withRefund(record.refunds, message.refund, triggeredAt, 'refund');
      return refunds === record.refunds ? record : { ...record, refunds };
    }
    case 'snapshot': {
      const refunds = message.refunds.reduce(
        (known, refund) => withRefund(known, refund, triggeredAt, 'order'),
        record.refunds,
      );
      const next = refunds === record.refunds ? record : { ...record, refunds };
      if (!isNewer(record, message.snapshot, triggeredAt)) return next;
      const same = JSON.stringify(message.snapshot) === JSON.stringify(record.snapshot);
      return same && refunds === record.refunds && record.snapshotTriggeredAt !== undefined
        ? record
        : { ...next, snapshot: message.snapshot, snapshotTriggeredAt: triggeredAt };
    }
  }
};

/** The order as events and routes show it; `undefined` until a snapshot has arrived. */
export const orderState = (record: OrderRecord): OrderState | undefined => {
  const { snapshot } = record;
  if (snapshot === undefined) return undefined;
  const { updatedAt, lines, ...rest } = snapshot;
  return {
    ...rest,
    id: record.id,
    storeId: record.storeId,
    platform: record.platform,
    deleted: record.deleted,
    lines: lines.map((line) => {
      const productId = line.sku === undefined ? undefined : record.productIds[line.sku];
      return {
        ...line,
        ...(productId !== undefined && { productId }),
      };
    }),
    refunds: record.refunds.map(({ authority: _, ...refund }) => {
      const reportingNet = record.reportingRefunds?.[refund.externalId];
      return { ...refund, ...(reportingNet !== undefined && { reportingNet }) };
    }),
    attribution: record.attribution ?? { credits: [], territoryPath: [] },
    ...(record.frozenRate !== undefined && { frozenRate: record.frozenRate }),
    ...(record.reportingNet !== undefined && { reportingNet: record.reportingNet }),
    platformUpdatedAt: updatedAt,
  };
};
