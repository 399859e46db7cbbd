import { DealState, OrderState } from '../../shared/events/deals.ts';
import type { Settings } from '../../services/metrics/domain/fact.ts';

/** Ids that read: `id('mem', 1)`. */
export const id = (prefix: string, n: number): string => `${prefix}_01JD${String(n).padStart(22, '0')}`;

export const settings: Settings = { timeZone: 'Europe/Rome', reportingCurrency: 'EUR' };
export const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** An open deal of member 1 in team 1, below team 9; spread what differs over it. */
export const deal = (over: Readonly<Record<string, unknown>> = {}): DealState =>
  DealState.parse({
    id: id('deal', 1),
    name: 'Pasta for the canteen',
    ownerId: id('mem', 1),
    pipelineId: id('pipe', 1),
    stage: 'qualification',
    status: 'open',
    amount: eur(10_000),
    lineItems: [],
    createdAt: '2026-11-02T09:00:00Z',
    startedAt: '2026-11-01T09:00:00Z',
    attribution: {
      credits: [{ memberId: id('mem', 1), basisPoints: 10_000, teamPath: [id('team', 1), id('team', 9)] }],
      territoryPath: [id('ter', 1), id('ter', 9)],
      accountId: id('acct', 1),
      industry: 'food',
    },
    reportingAmount: eur(10_000),
    adjustments: [],
    deleted: false,
    ...over,
  });

export const wonDeal = (over: Readonly<Record<string, unknown>> = {}): DealState =>
  deal({ status: 'won', closedAt: '2026-11-11T09:00:00Z', ...over });

export const order = (over: Readonly<Record<string, unknown>> = {}): OrderState =>
  OrderState.parse({
    id: id('order', 1),
    storeId: id('store', 1),
    platform: 'shopify',
    externalId: '9007199254740993',
    number: '#1001',
    currency: 'EUR',
    gross: eur(5_000),
    discounts: eur(0),
    net: eur(5_000),
    tax: eur(1_000),
    shipping: eur(500),
    total: eur(6_500),
    placedAt: '2026-11-03T09:00:00Z',
    paidAt: '2026-11-03T10:00:00Z',
    test: false,
    deleted: false,
    lines: [],
    refunds: [],
    attribution: {
      credits: [{ memberId: id('mem', 1), basisPoints: 10_000, teamPath: [id('team', 1)] }],
      territoryPath: [],
    },
    reportingNet: eur(5_000),
    platformUpdatedAt: '2026-11-03T10:00:00Z',
    ...over,
  });
