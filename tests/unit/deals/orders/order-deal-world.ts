import { contribution } from '../../../../services/metrics/domain/contribution.ts';
import { dealFact } from '../../../../services/metrics/domain/deal-fact.ts';
import { orderFact } from '../../../../services/metrics/domain/order-fact.ts';
import { decided } from '../../../../services/deals/domain/commerce/order-deal.ts';
import type { OrderMessage } from '../../../../services/deals/domain/commerce/order-message.ts';
import { valuationOf } from '../../../../services/deals/domain/commerce/order-value.ts';
import {
  applyMessage,
  type OrderRecord,
  orderState,
} from '../../../../services/deals/domain/commerce/order.ts';
import { type Deal, newDeal } from '../../../../services/deals/domain/deal.ts';
import { awaitsFreezing, freeze } from '../../../../services/deals/domain/valuation.ts';
import { PipelineBook } from '../../../../services/deals/domain/pipeline-book.ts';
import { defaultPipeline } from '../../../../services/deals/domain/pipeline.ts';
import { FrozenRate } from '../../../../shared/events/deals.ts';
import { AccountId, DealId, derivedId, MemberId, OrderId, StoreId } from '../../../../shared/ids/id.ts';
import { Currency } from '../../../../shared/money/money.ts';
import { type Instant, instantFrom } from '../../../../shared/time/instant.ts';

export const USD = Currency.parse('USD');
export const usd = (amount: number) => ({ amount, currency: USD });
const rate = FrozenRate.parse({ currency: 'USD', rate: '1', day: '2026-11-01' });
export const START = Date.parse('2026-11-02T12:00:00Z');
export const hours = (count: number): Instant => instantFrom(START + count * 3_600_000);
export const account = derivedId(AccountId, 'rossi');
export const dealId = (name: string): DealId => derivedId(DealId, name);
const storeId = derivedId(StoreId, 'shop');

export const openDeal = (name: string, amount: number, over: Partial<Deal> = {}): Deal => ({
  ...newDeal(
    {
      id: dealId(name),
      name,
      ownerId: derivedId(MemberId, 'ada'),
      stage: 'closing',
      amount: usd(amount),
      accountId: account,
    },
    hours(-48),
    defaultPipeline,
  ),
  ...over,
});

/** A paid or placed order as its store tells of it, `at` hours after the start. */
export const told = (
  number: string,
  {
    at,
    net,
    paidAt,
    cancelledAt,
    dealRef,
    refunds = [],
    test = false,
  }: {
    readonly at: number;
    readonly net: number;
    readonly paidAt?: number | undefined;
    readonly cancelledAt?: number | undefined;
    readonly dealRef?: DealId | undefined;
    readonly refunds?: readonly { readonly id: string; readonly amount: number; readonly at: number }[];
    readonly test?: boolean;
  },
): Extract<OrderMessage, { kind: 'snapshot' }> => ({
  kind: 'snapshot',
  snapshot: {
    externalId: number,
    number,
    updatedAt: hours(at),
    currency: USD,
    gross: usd(net),
    discounts: usd(0),
    net: usd(net),
    tax: usd(0),
    shipping: usd(0),
    total: usd(net),
    placedAt: hours(0),
    test,
    lines: [],
    ...(paidAt !== undefined && { paidAt: hours(paidAt) }),
    ...(cancelledAt !== undefined && { cancelledAt: hours(cancelledAt) }),
    ...(dealRef && { dealRef: { id: dealRef } }),
  },
  refunds: refunds.map(({ id, amount, at: when }) => ({
    externalId: id,
    net: usd(amount),
    total: usd(amount),
    at: hours(when),
  })),
});

const settled = (deal: Deal): Deal => (awaitsFreezing(deal) ? freeze(deal, deal.attribution, rate) : deal);

/** Orders and deals as the service keeps them, without its table: each write is decided by what is kept. */
export class OrderDealWorld {
  readonly deals = new Map<DealId, Deal>();
  readonly orders = new Map<string, OrderRecord>();
  pipelines = new PipelineBook();
  #now = 1_000;

  now(): Instant {
    return hours(this.#now);
  }

  /** What a person does to a deal; the orders hear of it only when they are reconsidered. */
  act(id: DealId, change: (deal: Deal | undefined) => Deal | undefined): void {
    this.#now += 1;
    const next = change(this.deals.get(id));
    if (next !== undefined) this.deals.set(id, settled(next));
  }

  hear(message: Exclude<OrderMessage, { kind: 'irrelevant' | 'fetch' }>): void {
    this.#now += 1;
    const number = message.kind === 'snapshot' ? message.snapshot.externalId : message.orderExternalId;
    const before: OrderRecord = this.orders.get(number) ?? {
      id: derivedId(OrderId, number),
      storeId,
      platform: 'custom',
      externalId: number,
      refunds: [],
      deleted: false,
      productIds: {},
      accountId: account,
    };
    this.#decide(number, applyMessage(before, message, hours(0)));
  }

  /** Until nothing changes any more, as the deals' own events have it done. Answers how many rounds that took. */
  reconsider(): number {
    for (let round = 1; ; round += 1) {
      this.#now += 1;
      const before = JSON.stringify([[...this.orders], [...this.deals]]);
      for (const [number, order] of this.orders) this.#decide(number, order);
      if (JSON.stringify([[...this.orders], [...this.deals]]) === before) return round;
      if (round > 10) throw new Error('orders and deals never come to rest');
    }
  }

  /** What metrics counts as won revenue for the organization, on all days together. */
  wonRevenue(): number {
    return this.count('wonRevenue');
  }

  state(number: string) {
    const order = this.orders.get(number);
    return order && orderState(order);
  }

  /** A counter of the organization, on all days together. */
  count(counter: string): number {
    const settings = { timeZone: 'UTC', reportingCurrency: 'USD' };
    const version = { epoch: 0, version: 1 };
    const facts = [
      ...[...this.deals.values()].map((deal) => dealFact(deal, version, settings)),
      ...[...this.orders.values()].flatMap((order) => {
        const state = orderState(order);
        return state === undefined ? [] : orderFact(state, version, settings);
      }),
    ];
    return facts
      .flatMap((fact) => [...contribution(fact).values()])
      .filter(({ address }) => address.dimension === 'org')
      .reduce((sum, { add }) => sum + (add[`c.${counter}`] ?? 0), 0);
  }

  #decide(number: string, told: OrderRecord): void {
    const valuation = valuationOf(told, rate);
    const { order, changed } = decided(
      { ...told, ...(valuation && { valuation }) },
      { deals: this.deals, candidates: [...this.deals.values()], pipelines: this.pipelines, now: this.now() },
    );
    this.orders.set(number, order);
    for (const deal of changed) this.deals.set(deal.id, settled(deal));
  }
}
