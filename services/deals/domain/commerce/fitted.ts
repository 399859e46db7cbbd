import { each, sum } from './amounts.ts';
import { MAX_AMOUNT } from '../valuation.ts';
import type { OrderMessage, OrderSnapshot, SnapshotLine } from './order-message.ts';
import { unreadable } from './payload.ts';

/** An item holds 400 KB; an order shares it with what is known of it beside its lines. In characters of JSON. */
const LINES = 150_000;
const REFUNDS = 500;
const LONG = 300;

const cut = (text: string): string => (text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text);

/** The lines that fit, and one in place of the others with all that they had: sums stay what they are. */
const fittedLines = (lines: readonly SnapshotLine[], { currency }: OrderSnapshot): SnapshotLine[] => {
  const short = lines.map((line) => ({
    ...line,
    externalId: cut(line.externalId),
    title: cut(line.title),
    ...(line.sku !== undefined && { sku: cut(line.sku) }),
  }));
  let size = 0;
  const kept = short.findIndex((line) => (size += JSON.stringify(line).length) > LINES);
  if (kept === -1) return short;
  const rest = short.slice(kept);
  const amounts = (pick: (line: SnapshotLine) => number) =>
    sum(
      currency,
      rest.map((line) => ({ amount: Math.max(0, pick(line)), currency })),
    );
  const quantity = rest.reduce((all, line) => all + line.quantity, 0);
  const [net, discount] = [amounts((line) => line.net.amount), amounts((line) => line.discount.amount)];
  return [
    ...short.slice(0, kept),
    {
      externalId: 'others',
      title: `${String(rest.length)} other lines`,
      quantity,
      unitPrice: each(sum(currency, [net, discount]), quantity),
      discount,
      net,
    },
  ];
};

/** One order beyond what can be added up exactly would spoil every sum that it is in. */
const assertCountable = (message: OrderMessage): void => {
  const amounts =
    message.kind === 'snapshot'
      ? [
          ...[message.snapshot.gross, message.snapshot.net, message.snapshot.tax, message.snapshot.shipping],
          message.snapshot.total,
          ...message.refunds.flatMap(({ net, total }) => [net, total]),
        ]
      : message.kind === 'refund'
        ? [message.refund.net, message.refund.total]
        : [];
  if (amounts.some(({ amount }) => amount > MAX_AMOUNT))
    throw unreadable(
      `the order comes to more than ${String(MAX_AMOUNT)} minor units, which can’t be added up exactly`,
    );
};

/** What a store sent, as long as it may be, in a size that can be stored. Throws UnreadableDelivery for what has no such form. */
export const fitted = (message: OrderMessage): OrderMessage => {
  if (message.kind === 'irrelevant') return message;
  const id = message.kind === 'snapshot' ? message.snapshot.externalId : message.orderExternalId;
  if (id === '' || id.length > LONG)
    throw unreadable(`an order's id must have 1 to ${String(LONG)} characters`);
  assertCountable(message);
  if (message.kind !== 'snapshot') return message;
  const { snapshot, refunds } = message;
  if (refunds.length > REFUNDS) throw unreadable(`an order has at most ${String(REFUNDS)} refunds`);
  return {
    ...message,
    snapshot: {
      ...snapshot,
      number: cut(snapshot.number),
      ...(snapshot.salesChannel !== undefined && { salesChannel: cut(snapshot.salesChannel) }),
      lines: fittedLines(snapshot.lines, snapshot),
    },
  };
};
