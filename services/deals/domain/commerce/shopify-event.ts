import * as z from 'zod';
import { Currency } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { less, major, nearest, none, sum } from './amounts.ts';
import type { Delivery, OrderMessage, OrderSnapshot, SnapshotRefund } from './order-message.ts';
import { Digits, Optional, Quantity, readPayload, unreadable, When } from './payload.ts';
import { irrelevant } from './platform.ts';
import { customerOf, fullName, referencesIn } from './references.ts';

/** Topics of Shopify's newer “Events” are `<object>/<action>`: `Order/update`. The REST webhooks' are in lower case. */
const TOPIC = /^[A-Z]\w*\/\w+$/;
export const isShopifyEvent = (topic: string): boolean => TOPIC.test(topic);

/** `gid://shopify/Order/18906468024599`, or the digits alone. */
const Gid = Digits.transform((id) => id.replace(/^gid:\/\/shopify\/\w+\//, '').replace(/\?.*$/, ''));
const MoneySet = z.object({ shopMoney: z.object({ amount: Digits, currencyCode: Currency }) });
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), z.object({ nodes: z.array(item) }).transform(({ nodes }) => nodes)])
    .nullish()
    .transform((items) => items ?? []);

/** What the subscription's query has to ask for; an order with less is fetched instead. */
const EventOrder = z.object({
  id: Gid,
  name: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  currencyCode: Currency,
  subtotalPriceSet: MoneySet,
  totalPriceSet: MoneySet,
  totalTaxSet: MoneySet.nullish(),
  totalShippingPriceSet: MoneySet.nullish(),
  totalDiscountsSet: MoneySet.nullish(),
  taxesIncluded: z.boolean().nullish(),
  displayFinancialStatus: z.string().nullish(),
  processedAt: When,
  cancelledAt: When,
  test: z.boolean().nullish(),
  sourceName: Optional,
  email: Optional,
  customer: z.object({ id: Gid, email: Optional, firstName: Optional, lastName: Optional }).nullish(),
  customAttributes: z
    .array(z.object({ key: Optional, value: Optional }))
    .nullish()
    .catch(undefined),
  lineItems: listOf(
    z.object({
      id: Gid,
      title: z.string(),
      sku: Optional,
      quantity: Quantity,
      originalUnitPriceSet: MoneySet,
      discountedTotalSet: MoneySet.nullish(),
    }),
  ),
  refunds: listOf(z.object({ id: Gid, createdAt: When, totalRefundedSet: MoneySet })),
});
type EventOrder = z.infer<typeof EventOrder>;

const Payload = z.object({
  topic: z.string(),
  action: z.string(),
  data: z.object({ order: z.unknown().optional() }).nullish(),
  query_variables: z.object({ orderId: Gid.optional() }).nullish(),
});

const PAID = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);

const snapshotOf = (order: EventOrder): OrderSnapshot => {
  const currency = order.currencyCode;
  const money = (set: z.infer<typeof MoneySet> | null | undefined) =>
    set == null ? none(currency) : major(set.shopMoney.amount, currency);
  const tax = money(order.totalTaxSet);
  const subtotal = money(order.subtotalPriceSet);
  const net = order.taxesIncluded === true ? less(subtotal, tax) : subtotal;
  const discounts = money(order.totalDiscountsSet);
  return {
    externalId: order.id,
    number: order.name,
    updatedAt: order.updatedAt,
    currency,
    gross: sum(currency, [net, discounts]),
    discounts,
    net,
    tax,
    shipping: money(order.totalShippingPriceSet),
    total: money(order.totalPriceSet),
    placedAt: order.createdAt,
    test: order.test ?? false,
    lines: order.lineItems.map((line) => {
      const unitPrice = nearest(line.originalUnitPriceSet.shopMoney.amount, currency);
      const whole = { currency, amount: unitPrice.amount * line.quantity };
      const after = line.discountedTotalSet == null ? whole : money(line.discountedTotalSet);
      return {
        externalId: line.id,
        title: line.title,
        quantity: line.quantity,
        unitPrice,
        discount: less(whole, after),
        net: after,
        ...(line.sku !== undefined && { sku: line.sku }),
      };
    }),
    ...(PAID.has(order.displayFinancialStatus ?? '') && { paidAt: order.processedAt ?? order.createdAt }),
    ...(order.cancelledAt != null && { cancelledAt: order.cancelledAt }),
    ...(order.sourceName !== undefined && { salesChannel: order.sourceName }),
    ...customerOf({
      externalId: order.customer?.id,
      email: order.customer?.email ?? order.email,
      name: fullName(order.customer?.firstName, order.customer?.lastName),
      company: undefined,
      taxId: undefined,
    }),
    ...referencesIn((order.customAttributes ?? []).map(({ key, value }) => ({ name: key, value }))),
  };
};

const refundOf = ({ id, createdAt, totalRefundedSet }: EventOrder['refunds'][number]): SnapshotRefund => {
  const { amount, currencyCode } = totalRefundedSet.shopMoney;
  const total = major(amount, currencyCode);
  return { externalId: id, net: total, total, netIsShare: true, ...(createdAt != null && { at: createdAt }) };
};

/**
 * Reads an order of the newer “Events”, whose fields the subscription's own query chooses. Where the app may not see the
 * order (it is null), or the query asks for too little, there is news of it and no more: it is to be fetched.
 * Throws UnreadableDelivery.
 */
export const readShopifyEvent = (delivery: Delivery): OrderMessage => {
  const { topic, action, data, query_variables: variables } = readPayload(Payload, delivery);
  if (topic !== 'Order') return irrelevant(delivery.topic);
  const order = EventOrder.safeParse(data?.order);
  const named = z.object({ id: Gid }).safeParse(data?.order);
  const id = named.success ? named.data.id : variables?.orderId;
  if (action === 'delete' && id !== undefined) return { kind: 'deletion', orderExternalId: id };
  if (order.success) {
    return { kind: 'snapshot', snapshot: snapshotOf(order.data), refunds: order.data.refunds.map(refundOf) };
  }
  if (id === undefined) throw unreadable('/query_variables/orderId is required where /data/order is null');
  return { kind: 'fetch', orderExternalId: id };
};
