import * as z from 'zod';
import { Attribution, Booked, FrozenRate, type OrderState } from '../../../../shared/events/deals.ts';
import { canonicalText } from '../../../../shared/json/canonical-text.ts';
import {
  AccountId,
  CustomerId,
  DealId,
  OrderId,
  ProductId,
  RequestId,
  StoreId,
} from '../../../../shared/ids/id.ts';
import { Money } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { type OrderMessage, OrderSnapshot, SnapshotRefund } from './order-message.ts';
import { withShares } from './refund-shares.ts';

/**
 * How much a refund's source knew: 0 the refund alone, dated by its delivery; 1 the refund alone, with a time of its
 * own; 2 the order, which also knows whether prices include tax. The one that knew more replaces the other.
 */
const Authority = z.union([z.literal(0), z.literal(1), z.literal(2)]);

const RecordedRefund = SnapshotRefund.extend({ at: Instant, authority: Authority });
type RecordedRefund = z.infer<typeof RecordedRefund>;

/** What the order is worth in the reporting currency, at the rate of the day it was paid. */
export const Valuation = z.object({
  frozenRate: FrozenRate,
  net: Money,
  /** Net of each refund, by its external id. */
  refunds: z.record(z.string(), Money),
});
export type Valuation = z.infer<typeof Valuation>;

/**
 * The deal that an order is linked with. `waiting`: it does not belong to it as things stand; `attached`: it belongs to
 * it and isn't paid; `settled`: it belongs to it, paid; `released`: the deal was reopened after that, and the order
 * counts by itself until the deal is won again.
 */
export const OrderDeal = z.object({
  /** Absent for an order that was detached by hand. */
  id: DealId.optional(),
  by: z.enum(['reference', 'match', 'hand']),
  state: z.enum(['waiting', 'attached', 'settled', 'released']),
});
export type OrderDeal = z.infer<typeof OrderDeal>;

/**
 * What is known of an order, whatever came first: a refund or a deletion may arrive before the order itself, which
 * then has no snapshot yet and counts for nothing.
 */
export const OrderRecord = z.object({
  id: OrderId,
  storeId: StoreId,
  platform: z.string(),
  externalId: z.string(),
  snapshot: OrderSnapshot.optional(),
  /** Orders snapshots of the same `updatedAt`. */
  snapshotTriggeredAt: Instant.optional(),
  /** By external id; only grows. */
  refunds: z.array(RecordedRefund),
  /** A tombstone: nothing that arrives later brings the order back. */
  deleted: z.boolean(),
  /** Whom it counts for: its deal's, or its own. */
  attribution: Attribution.optional(),
  /** Whom it counts for without a deal; frozen by its payment. Absent: `attribution` is its own. */
  ownAttribution: Attribution.optional(),
  customerId: CustomerId.optional(),
  /** The customer's account. */
  accountId: AccountId.optional(),
  deal: OrderDeal.optional(),
  /** Whether it stands in the lists by owner, account, customer and deal; absent for one of an earlier version. */
  placed: z.literal(true).optional(),
  dealNote: z.string().optional(),
  /** By SKU, as the catalogue knew them when the snapshot was taken in. */
  productIds: z.record(z.string(), ProductId),
  valuation: Valuation.optional(),
  /** When the payment, the cancellation and refunds (by external id) count, where their own dates lay in locked periods. */
  bookings: z
    .object({
      paidAt: Instant.optional(),
      cancelledAt: Instant.optional(),
      refunds: z.record(z.string(), Instant),
    })
    .optional(),
  booked: z.array(Booked).optional(),
  /** The change of settings for which it was last written again. */
  recomputedFor: RequestId.optional(),
});
export type OrderRecord = z.infer<typeof OrderRecord>;

const isNewer = (record: OrderRecord, snapshot: OrderSnapshot, triggeredAt: Instant): boolean => {
  const known = record.snapshot;
  if (known === undefined) return true;
  if (snapshot.updatedAt !== known.updatedAt) return snapshot.updatedAt > known.updatedAt;
  const knownTrigger = record.snapshotTriggeredAt ?? '';
  if (triggeredAt !== knownTrigger) return triggeredAt > knownTrigger;
  // Nothing tells which is later: any fixed choice makes every order of arrival end alike.
  return canonicalText(snapshot) > canonicalText(known);
};

const withRefund = (
  refunds: RecordedRefund[],
  refund: SnapshotRefund,
  triggeredAt: Instant,
  source: 'order' | 'refund',
): RecordedRefund[] => {
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
export const applyMessage = (
  record: OrderRecord,
  message: OrderMessage,
  triggeredAt: Instant,
): OrderRecord => {
  switch (message.kind) {
    case 'irrelevant':
    case 'fetch':
      return record;
    case 'deletion':
      return record.deleted ? record : { ...record, deleted: true };
    case 'refund': {
      const refunds = withRefund(record.refunds, message.refund, triggeredAt, 'refund');
      return refunds === record.refunds
        ? record
        : { ...record, refunds: withShares(refunds, record.snapshot) };
    }
    case 'snapshot': {
      const refunds = message.refunds.reduce(
        (known, refund) => withRefund(known, refund, triggeredAt, 'order'),
        record.refunds,
      );
      const newer = isNewer(record, message.snapshot, triggeredAt);
      if (refunds === record.refunds && !newer) return record;
      const snapshot = newer ? message.snapshot : record.snapshot;
      return {
        ...record,
        refunds: withShares(refunds, snapshot),
        ...(newer && { snapshot, snapshotTriggeredAt: triggeredAt }),
      };
    }
  }
};

/** The deal that the order belongs to, as things stand. */
export const dealOf = ({ deal }: Pick<OrderRecord, 'deal'>): DealId | undefined =>
  deal?.state === 'attached' || deal?.state === 'settled' ? deal.id : undefined;

/** Refunds alone, of an order that is not known here. */
export const isCreditNote = ({ snapshot }: Pick<OrderRecord, 'snapshot'>): boolean =>
  snapshot?.creditNote === true;

/** Whether more is said to be refunded than the order brought in. */
const isOverRefunded = (record: OrderRecord): boolean =>
  record.snapshot !== undefined &&
  !isCreditNote(record) &&
  record.refunds.reduce((sum, { net }) => sum + net.amount, 0) > record.snapshot.net.amount;

/** The entry of that name: shops choose SKUs and ids, and every object has a `constructor`. */
const ownOf = <T>(entries: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;

/** The order as events and routes show it; `undefined` until a snapshot has arrived. */
export const orderState = (record: OrderRecord): OrderState | undefined => {
  const { snapshot } = record;
  if (snapshot === undefined) return undefined;
  // Who ordered is personal, and what the order refers to is resolved elsewhere: neither is for events.
  const {
    updatedAt,
    lines,
    customer: _customer,
    dealRef: _dealRef,
    accountRef: _accountRef,
    ...rest
  } = snapshot;
  const dealId = dealOf(record);
  return {
    ...rest,
    id: record.id,
    storeId: record.storeId,
    platform: record.platform,
    deleted: record.deleted,
    lines: lines.map((line) => {
      const productId = line.sku === undefined ? undefined : ownOf(record.productIds, line.sku);
      return {
        ...line,
        ...(productId !== undefined && { productId }),
      };
    }),
    refunds: record.refunds.map(({ authority: _, netIsShare: _share, ...refund }) => {
      const reportingNet = ownOf(record.valuation?.refunds, refund.externalId);
      const bookedAt = ownOf(record.bookings?.refunds, refund.externalId);
      return {
        ...refund,
        ...(reportingNet !== undefined && { reportingNet }),
        ...(bookedAt !== undefined && { bookedAt }),
      };
    }),
    attribution: record.attribution ?? { credits: [], territoryPath: [] },
    ...(record.valuation !== undefined && {
      frozenRate: record.valuation.frozenRate,
      reportingNet: record.valuation.net,
    }),
    ...(record.customerId !== undefined && { customerId: record.customerId }),
    ...(isOverRefunded(record) && { overRefunded: true }),
    ...(dealId !== undefined && { dealId }),
    ...(record.dealNote !== undefined && { dealNote: record.dealNote }),
    ...(snapshot.paidAt !== undefined &&
      !snapshot.test &&
      record.valuation === undefined && { awaitingRate: true }),
    ...(record.bookings?.paidAt !== undefined && { bookedAt: record.bookings.paidAt }),
    ...(record.bookings?.cancelledAt !== undefined && { cancelledBookedAt: record.bookings.cancelledAt }),
    ...(record.booked !== undefined && { booked: record.booked }),
    platformUpdatedAt: updatedAt,
  };
};
