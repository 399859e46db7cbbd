import { createHash } from 'node:crypto';
import type { Currency } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import type { OrderRecord } from './order.ts';
import type { OrderMessage, OrderSnapshot, SnapshotLine, SnapshotRefund } from './order-message.ts';

/** One row of a file of order lines, read. Amounts are in minor units. */
export interface OrderRow {
  /** Of the file. */
  readonly line: number;
  readonly sku?: string | undefined;
  readonly title: string;
  /** Below zero where the line is given back. */
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly tax: number;
  readonly at: Instant;
  /** Absent until paid. */
  readonly paidAt?: Instant | undefined;
  readonly customer?: OrderSnapshot['customer'];
  readonly accountRef?: string | undefined;
  readonly dealRef?: string | undefined;
}

/** A row that has its place among the rows of its order that say the same. */
export interface NumberedRow extends OrderRow {
  /** What the row says, and the how manieth that says so: the same in every import of the file, in any order of its rows. */
  readonly id: string;
}

/** What the row says, without where it stands in the file. */
export const hashOf = ({ line: _line, ...said }: OrderRow): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);

/** The rows of an order that an import has taken in so far: hash by line of the file. */
export type SeenRows = ReadonlyMap<number, string>;

/** The ids of all rows seen, by their lines. */
export const idsOf = (seen: SeenRows): ReadonlyMap<number, string> => {
  const counts = new Map<string, number>();
  return new Map(
    [...seen]
      .toSorted(([a], [b]) => a - b)
      .map(([line, hash]) => {
        const count = (counts.get(hash) ?? 0) + 1;
        counts.set(hash, count);
        return [line, `${hash}-${String(count)}`];
      }),
  );
};

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const earliest = (instants: readonly Instant[]): Instant | undefined => instants.toSorted()[0];

/** Without tax, and never below nothing: callers see to that. */
export const netOf = ({ quantity, unitPrice, discount }: OrderRow): number =>
  Math.abs(quantity) * unitPrice - discount;

const refundOf = (row: NumberedRow, currency: Currency): SnapshotRefund => ({
  externalId: row.id,
  net: { amount: netOf(row), currency },
  total: { amount: netOf(row) + row.tax, currency },
  at: row.at,
});

const lineOf = (row: NumberedRow, currency: Currency): SnapshotLine => ({
  externalId: row.id,
  title: row.title,
  quantity: row.quantity,
  unitPrice: { amount: row.unitPrice, currency },
  discount: { amount: row.discount, currency },
  net: { amount: netOf(row), currency },
  ...(row.sku !== undefined && { sku: row.sku }),
});

export interface OrderOfRows {
  /** As it is stored, absent for a new one. */
  readonly before: OrderRecord | undefined;
  readonly number: string;
  readonly currency: Currency;
  /** Rows of this page. */
  readonly rows: readonly NumberedRow[];
  /** Ids of all rows of the order that this import has taken in, this page's among them. */
  readonly seen: ReadonlySet<string>;
}

/**
 * What the rows say of their order; undefined where it is known. An order's rows may come in any number of parts: those that
 * say what is known change nothing, and with the first one that doesn't, the order is what this import has said of it so
 * far. Rows with a quantity below zero are refunds; an order of these alone is a credit note.
 */
export const messageOfRows = ({
  before,
  number,
  currency,
  rows,
  seen,
}: OrderOfRows): OrderMessage | undefined => {
  const { snapshot, refunds = [] } = before ?? {};
  const lines = snapshot?.lines ?? [];
  const known = new Set([...lines, ...refunds].map(({ externalId }) => externalId));
  const news = rows.filter(({ id }) => !known.has(id));
  if (news.length === 0) return undefined;
  const kept = lines.filter(({ externalId }) => seen.has(externalId));
  const sales = news.filter(({ quantity }) => quantity > 0);
  const back = news.filter(({ quantity }) => quantity < 0);
  const all = [...kept, ...sales.map((row) => lineOf(row, currency))];
  const isKept = kept.length > 0 && kept.length === lines.length;
  const isCreditNote = all.length === 0;
  const ofSales = isCreditNote ? back : sales;
  const taxBefore = isKept ? (snapshot?.tax.amount ?? 0) : 0;
  const tax = taxBefore + (isCreditNote ? 0 : sum(sales.map((row) => row.tax)));
  const net = sum(all.map((line) => line.net.amount));
  const discounts = sum(all.map((line) => line.discount.amount));
  const money = (amount: number) => ({ amount, currency });
  const placedAt = earliest([
    ...(snapshot !== undefined && (isKept || isCreditNote) ? [snapshot.placedAt] : []),
    ...ofSales.map(({ at }) => at),
  ]);
  const paid = ofSales.map(({ paidAt }) => paidAt).filter((at) => at !== undefined);
  const paidAt =
    paid.length < ofSales.length
      ? undefined
      : earliest([...(isKept && snapshot?.paidAt ? [snapshot.paidAt] : []), ...paid]);
  const [first] = ofSales;
  // Refunds alone of an order that is there: it stays as it is.
  if (snapshot !== undefined && sales.length === 0 && lines.length > 0)
    return { kind: 'snapshot', snapshot, refunds: back.map((row) => refundOf(row, currency)) };
  if (placedAt === undefined) return undefined;
  const updatedAt = [...rows.map(({ at }) => at), ...(snapshot ? [snapshot.updatedAt] : [])]
    .toSorted()
    .at(-1);
  return {
    kind: 'snapshot',
    refunds: back.map((row) => refundOf(row, currency)),
    snapshot: {
      externalId: number,
      number,
      currency,
      updatedAt: updatedAt ?? placedAt,
      gross: money(net + discounts),
      discounts: money(discounts),
      net: money(net),
      tax: money(tax),
      shipping: money(0),
      total: money(net + tax),
      placedAt,
      test: false,
      lines: all,
      ...(paidAt !== undefined && { paidAt }),
      ...(isCreditNote && { creditNote: true }),
      ...(first?.customer && { customer: first.customer }),
      ...(first?.customer?.externalId !== undefined && { customerExternalId: first.customer.externalId }),
      ...(first?.accountRef !== undefined && { accountRef: first.accountRef }),
      ...(first?.dealRef !== undefined && { dealRef: { externalId: first.dealRef } }),
    },
  };
};
