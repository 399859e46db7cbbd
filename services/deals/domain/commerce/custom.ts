import { isLosslessNumber } from 'lossless-json';
import type { Currency, Money } from '../../../../shared/money/money.ts';
import { less, sum, times } from './amounts.ts';
import { CustomDelivery, type CustomOrder, type CustomRefund } from './custom-delivery.ts';
import type { Delivery, OrderMessage, OrderSnapshot, SnapshotRefund } from './order-message.ts';
import { jsonOf, readValue } from './payload.ts';
import { fieldsOf, hashOf, irrelevant, type PlatformAdapter, secondsOr, topicOf } from './platform.ts';
import { customerOf, references } from './references.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import type * as z from 'zod';

const TYPES: ReadonlySet<string> = new Set(CustomDelivery.options.map(({ shape }) => shape.type.value));

/** Numbers as numbers where that is exact, and else as their digits: an id may have more than a number holds. */
const plain = (value: unknown): unknown => {
  if (isLosslessNumber(value)) {
    const number = Number(value.value);
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(value.value) ? number : value.value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
};

const lineTotal = (line: CustomOrder['lines'][number], currency: Currency): Money =>
  times({ amount: line.unitPrice, currency }, line.quantity);

const snapshotOf = (order: CustomOrder): OrderSnapshot => {
  const { currency } = order;
  const money = (amount = 0): Money => ({ amount, currency });
  const lines = order.lines.map((line, at) => ({
    externalId: String(line.id ?? at + 1),
    title: line.title,
    quantity: line.quantity,
    unitPrice: money(line.unitPrice),
    discount: money(line.discount),
    net: less(lineTotal(line, currency), money(line.discount)),
    ...(line.sku !== undefined && { sku: line.sku }),
  }));
  const gross = sum(
    currency,
    order.lines.map((line) => lineTotal(line, currency)),
  );
  const net = less(
    sum(
      currency,
      lines.map((line) => line.net),
    ),
    money(order.discount),
  );
  const [tax, shipping] = [money(order.tax), money(order.shipping)];
  const { customer } = order;
  return {
    externalId: String(order.id),
    number: order.number ?? String(order.id),
    updatedAt: order.updatedAt,
    currency,
    gross,
    discounts: less(gross, net),
    net,
    tax,
    shipping,
    total: order.total === undefined ? sum(currency, [net, tax, shipping]) : money(order.total),
    placedAt: order.placedAt,
    test: order.test ?? false,
    lines,
    ...(order.paidAt !== undefined && { paidAt: order.paidAt }),
    ...(order.cancelledAt !== undefined && { cancelledAt: order.cancelledAt }),
    ...(order.channel !== undefined && { salesChannel: order.channel }),
    ...customerOf({
      externalId: customer?.id === undefined ? undefined : String(customer.id),
      email: customer?.email,
      name: customer?.name,
      company: customer?.company,
      taxId: customer?.taxId,
    }),
    ...references(order.deal, order.account),
  };
};

const refundOf = (refund: z.infer<typeof CustomRefund>, currency: Currency): SnapshotRefund => ({
  externalId: String(refund.id),
  total: { amount: refund.total, currency },
  net: { amount: refund.net ?? refund.total, currency },
  ...(refund.net === undefined && { netIsShare: true as const }),
  ...(refund.at !== undefined && { at: refund.at }),
});

/** Reads our own JSON (see CustomDelivery). Throws UnreadableDelivery. */
export const readCustom = (delivery: Delivery): OrderMessage => {
  // A type that we don't know is news of something else; without one it is not our JSON, and is kept.
  if (delivery.topic !== '' && !TYPES.has(delivery.topic)) return irrelevant(delivery.topic);
  const told = readValue(CustomDelivery, plain(jsonOf(delivery.body)));
  switch (told.type) {
    case 'order.changed':
      return {
        kind: 'snapshot',
        snapshot: snapshotOf(told.order),
        refunds: (told.order.refunds ?? []).map((refund) => refundOf(refund, told.order.currency)),
      };
    case 'order.refunded':
      return {
        kind: 'refund',
        orderExternalId: String(told.orderId),
        refund: refundOf(told.refund, told.currency),
      };
    case 'order.deleted':
      return { kind: 'deletion', orderExternalId: String(told.orderId) };
  }
};

export const custom: PlatformAdapter = {
  ...standardWebhooks({ bareSecrets: false }),
  factsOf: (webhook) => {
    const topic = topicOf(fieldsOf(webhook).type);
    return {
      topic,
      identity: webhook.headers['webhook-id'] ?? hashOf(topic, webhook),
      triggeredAt: secondsOr(Number(webhook.headers['webhook-timestamp']), webhook),
    };
  },
  read: readCustom,
};
