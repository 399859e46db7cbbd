import * as z from 'zod';
import { Currency, type Money } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { each, less, nearest, none, sum, times } from './amounts.ts';
import type { OrderSnapshot, SnapshotLine, SnapshotRefund } from './order-message.ts';
import { Digits, Optional, Quantity, When } from './payload.ts';
import { customerOf, fullName, referencesIn } from './references.ts';

const Amount = z.object({ amount: Digits, currency: Currency });
type Amount = z.infer<typeof Amount>;
/** A query may ask for as little as one of them. */
const Taxed = z.object({ gross: Amount.nullish(), net: Amount.nullish(), tax: Amount.nullish() });
type Taxed = z.infer<typeof Taxed>;

const REFUND_EVENTS = new Set(['REFUND', 'REFUND_SUCCESS']);
const MoneyEvent = z.object({
  id: z.string(),
  type: z.string().nullish(),
  kind: z.string().nullish(),
  isSuccess: z.boolean().nullish(),
  createdAt: When,
  created: When,
  amount: Amount.nullish(),
});

export const SaleorOrder = z.object({
  id: z.string(),
  number: Digits.nullish(),
  created: Instant,
  updatedAt: When,
  status: z.string().nullish(),
  paymentStatus: z.string().nullish(),
  isPaid: z.boolean().nullish(),
  total: z.object({ gross: Amount, net: Amount.nullish(), tax: Amount.nullish() }),
  subtotal: Taxed.nullish(),
  shippingPrice: Taxed.nullish(),
  discounts: z.array(z.object({ amount: Amount })).nullish(),
  lines: z
    .array(
      z.object({
        id: Optional,
        productName: Optional,
        productSku: Optional,
        quantity: Quantity,
        unitPrice: Taxed.nullish(),
        totalPrice: Taxed.nullish(),
        undiscountedUnitPrice: Taxed.nullish(),
        variant: z
          .object({
            id: Optional,
            name: Optional,
            sku: Optional,
            product: z.object({ name: Optional }).nullish(),
          })
          .nullish()
          .catch(undefined),
      }),
    )
    .default([]),
  user: z
    .object({ id: Optional, email: Optional, firstName: Optional, lastName: Optional })
    .nullish()
    .catch(undefined),
  userEmail: Optional,
  billingAddress: z.object({ companyName: Optional, vatNumber: Optional }).nullish().catch(undefined),
  channel: z.object({ slug: Optional }).nullish().catch(undefined),
  metadata: z
    .array(z.object({ key: Optional, value: Optional }))
    .nullish()
    .catch(undefined),
  transactions: z.array(z.object({ events: z.array(MoneyEvent).nullish() })).nullish(),
  payments: z.array(z.object({ transactions: z.array(MoneyEvent).nullish() })).nullish(),
});
export type SaleorOrder = z.infer<typeof SaleorOrder>;

const PAID = new Set(['FULLY_CHARGED', 'PARTIALLY_REFUNDED', 'FULLY_REFUNDED']);
const CANCELLED = new Set(['CANCELED', 'EXPIRED']);

/** Without tax, as far as the query asked for it: a gross amount alone is taken as it is. */
const netOf = (taxed: Taxed | null | undefined, place: string): Money | undefined => {
  const money = (amount: Amount, name: string) =>
    nearest(amount.amount, amount.currency, `${place}/${name}/amount`);
  if (taxed?.net != null) return money(taxed.net, 'net');
  if (taxed?.gross == null) return undefined;
  const gross = money(taxed.gross, 'gross');
  return taxed.tax == null ? gross : less(gross, money(taxed.tax, 'tax'));
};

const lineOf = (line: SaleorOrder['lines'][number], at: number, currency: Currency): SnapshotLine => {
  const place = `/order/lines/${String(at)}`;
  const unit = netOf(line.unitPrice, `${place}/unitPrice`);
  const net =
    netOf(line.totalPrice, `${place}/totalPrice`) ??
    (unit === undefined ? none(currency) : times(unit, line.quantity));
  const before = netOf(line.undiscountedUnitPrice, `${place}/undiscountedUnitPrice`);
  const unitPrice = before ?? unit ?? each(net, line.quantity);
  const sku = line.productSku ?? line.variant?.sku;
  return {
    externalId: line.id ?? line.variant?.id ?? String(at),
    title: line.productName ?? line.variant?.product?.name ?? line.variant?.name ?? `Line ${String(at + 1)}`,
    quantity: line.quantity,
    unitPrice,
    discount: less(times(unitPrice, line.quantity), net),
    net,
    ...(sku !== undefined && { sku }),
  };
};

export const snapshotOf = (order: SaleorOrder, triggeredAt: Instant): OrderSnapshot => {
  const { currency } = order.total.gross;
  const total = nearest(order.total.gross.amount, currency, '/order/total/gross/amount');
  const shipping = netOf(order.shippingPrice, '/order/shippingPrice') ?? none(currency);
  const discounts = sum(
    currency,
    (order.discounts ?? []).map(({ amount }, at) =>
      nearest(amount.amount, currency, `/order/discounts/${String(at)}/amount`),
    ),
  );
  const totalNet = netOf(order.total, '/order/total') ?? total;
  const tax = less(total, totalNet);
  // The total is what is paid: discounts of the whole order are off it, and not always off the subtotal.
  const net = less(totalNet, shipping);
  const updatedAt = order.updatedAt ?? triggeredAt;
  const paid = order.isPaid === true || PAID.has(order.paymentStatus ?? '');
  return {
    externalId: order.id,
    number: order.number ?? order.id,
    updatedAt,
    currency,
    gross: sum(currency, [net, discounts]),
    discounts,
    net,
    tax,
    shipping,
    total,
    placedAt: order.created,
    test: false,
    lines: order.lines.map((line, at) => lineOf(line, at, currency)),
    // The order has no time of payment.
    ...(paid && { paidAt: order.created }),
    ...(CANCELLED.has(order.status ?? '') && { cancelledAt: updatedAt }),
    ...(order.channel?.slug !== undefined && { salesChannel: order.channel.slug }),
    ...customerOf({
      externalId: order.user?.id,
      email: order.user?.email ?? order.userEmail,
      name: fullName(order.user?.firstName, order.user?.lastName),
      company: order.billingAddress?.companyName,
      taxId: order.billingAddress?.vatNumber,
    }),
    ...referencesIn((order.metadata ?? []).map(({ key, value }) => ({ name: key, value }))),
  };
};

/** Of both of Saleor's ways to handle payments; money that was only asked to be given back is not counted. */
export const refundsOf = (order: SaleorOrder): SnapshotRefund[] =>
  [
    ...(order.transactions ?? []).flatMap(({ events }) => events ?? []),
    ...(order.payments ?? []).flatMap(({ transactions }) => transactions ?? []),
  ].flatMap((event) => {
    const isRefund = REFUND_EVENTS.has((event.type ?? event.kind ?? '').toUpperCase());
    if (!isRefund || event.isSuccess === false || event.amount == null) return [];
    const total = nearest(event.amount.amount, event.amount.currency, `/order/refunds/${event.id}`);
    const at = event.createdAt ?? event.created;
    return [
      { externalId: event.id, net: total, total, netIsShare: true as const, ...(at != null && { at }) },
    ];
  });
