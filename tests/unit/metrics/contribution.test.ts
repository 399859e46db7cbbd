import { describe, expect, it } from 'vitest';
import { contribution, difference } from '../../../services/metrics/domain/contribution.ts';
import { dealFact } from '../../../services/metrics/domain/deal-fact.ts';
import type { Fact } from '../../../services/metrics/domain/fact.ts';
import { orderFact } from '../../../services/metrics/domain/order-fact.ts';
import { splitByWeights } from '../../../shared/money/split.ts';
import { deal, eur, id, order, settings, wonDeal } from '../../support/sample-facts.ts';

const first = { epoch: 0, version: 1 };
const factOf = (state: ReturnType<typeof deal>) => dealFact(state, first, settings);
const orderFactOf = (state: ReturnType<typeof order>) => orderFact(state, first, settings);

/** Counters of a scope, summed over its shards: `at(fact, 'team:…', '2026-11-11')`. */
const at = (fact: Fact, scope: string, day = ''): Record<string, number> => {
  const counters: Record<string, number> = {};
  for (const [bucket, { add }] of contribution(fact)) {
    if (!bucket.startsWith(`${scope}#${day}#`)) continue;
    for (const [name, by] of Object.entries(add)) {
      if (name.startsWith('c.')) counters[name.slice(2)] = (counters[name.slice(2)] ?? 0) + by;
    }
  }
  return counters;
};
const sharers = {
  credits: [
    { memberId: id('mem', 1), basisPoints: 3_333, teamPath: [id('team', 1), id('team', 9)] },
    { memberId: id('mem', 2), basisPoints: 3_333, teamPath: [id('team', 1), id('team', 9)] },
    { memberId: id('mem', 3), basisPoints: 3_334, teamPath: [id('team', 2), id('team', 9)] },
  ],
  territoryPath: [],
};

describe('what an open deal counts', () => {
  it('is created on the day it started, and open now, for everyone it belongs to', () => {
    const fact = factOf(deal());
    for (const scope of [
      'org:org',
      `rep:${id('mem', 1)}`,
      `team:${id('team', 9)}`,
      `territory:${id('ter', 9)}`,
      'industry:food',
      `account:${id('acct', 1)}`,
    ]) {
      expect(at(fact, scope, '2026-11-01')).toEqual({ createdDeals: 1 });
      expect(at(fact, scope)).toEqual({ openDeals: 1 });
    }
  });

  it('is created on the day it was entered where it has no start, in the zone of the organization', () => {
    const fact = factOf(deal({ startedAt: undefined, createdAt: '2026-11-02T23:30:00Z' }));
    expect(at(fact, 'org:org', '2026-11-03')).toEqual({ createdDeals: 1 });
  });
});

describe('what a won deal counts', () => {
  it('counts at its close with amount and cycle, and is open no more', () => {
    const fact = factOf(wonDeal());
    expect(at(fact, 'org:org', '2026-11-11')).toEqual({
      wonDeals: 1,
      wonAmount: 10_000,
      wonRevenue: 10_000,
      cycleDaysWon: 10,
    });
    expect(at(fact, 'org:org')).toEqual({});
  });

  it('shares its revenue by the credits, counts once for each, and once for a team of several', () => {
    const fact = factOf(wonDeal({ reportingAmount: eur(100), attribution: sharers }));
    const revenueOf = (scope: string) => at(fact, scope, '2026-11-11').wonRevenue;
    expect(['mem', 'mem', 'mem'].map((kind, index) => revenueOf(`rep:${id(kind, index + 1)}`))).toEqual([
      33, 33, 34,
    ]);
    expect(revenueOf(`team:${id('team', 1)}`)).toBe(66);
    expect(at(fact, `team:${id('team', 9)}`, '2026-11-11')).toMatchObject({
      wonRevenue: 100,
      wonDeals: 1,
      wonAmount: 100,
    });
    expect(at(fact, `rep:${id('mem', 1)}`, '2026-11-11')).toMatchObject({ wonDeals: 1, wonAmount: 100 });
  });

  it('counts each product by its lines, and none without lines', () => {
    const line = (product: number, amount: number) => ({
      productId: id('prod', product),
      quantity: 1,
      unitPrice: eur(amount),
      amount: eur(amount),
    });
    const fact = factOf(wonDeal({ lineItems: [line(1, 4_000), line(2, 5_000), line(1, 1_000)] }));
    expect(at(fact, `product:${id('prod', 1)}`, '2026-11-11')).toMatchObject({
      wonRevenue: 5_000,
      wonAmount: 5_000,
      wonDeals: 1,
    });
    expect([...contribution(factOf(wonDeal())).keys()].some((bucket) => bucket.startsWith('product:'))).toBe(
      false,
    );
  });

  it('takes refunds back at their own dates, with the same shares', () => {
    const refund = {
      id: id('adj', 1),
      kind: 'refund',
      amount: eur(-100),
      reportingAmount: eur(-100),
      at: '2026-12-01T10:00:00Z',
      reason: 'broken',
    };
    const fact = factOf(wonDeal({ reportingAmount: eur(100), attribution: sharers, adjustments: [refund] }));
    expect(at(fact, `rep:${id('mem', 3)}`, '2026-12-01')).toEqual({ wonRevenue: -34 });
    expect(at(fact, 'org:org', '2026-11-11').wonRevenue).toBe(100);
    expect(at(factOf(deal({ adjustments: [refund] })), 'org:org', '2026-12-01')).toEqual({});
  });

  it('counts without an exchange rate as a deal and in no money, and stays in sight', () => {
    const fact = factOf(wonDeal({ reportingAmount: undefined }));
    expect(at(fact, 'org:org', '2026-11-11')).toEqual({
      wonDeals: 1,
      wonUnvalued: 1,
      cycleDaysWon: 10,
    });
  });

  it('is left out of the cycle without a start, or with one after its close', () => {
    for (const startedAt of [undefined, '2026-11-20T09:00:00Z']) {
      expect(at(factOf(wonDeal({ startedAt })), 'org:org', '2026-11-11')).toMatchObject({
        cycleExcludedWon: 1,
      });
    }
  });
});

describe('what becomes of it', () => {
  it('counts as lost when it is lost', () => {
    expect(at(factOf(wonDeal({ status: 'lost' })), 'org:org', '2026-11-11')).toEqual({
      lostDeals: 1,
      cycleDaysLost: 10,
    });
  });

  it('counts for nothing when it is deleted', () => {
    expect(contribution(factOf(wonDeal({ deleted: true }))).size).toBe(0);
  });

  it('changes nothing where an edit counts for nothing', () => {
    expect(
      difference(factOf(wonDeal()), factOf(wonDeal({ name: 'Another name', stage: 'closing' }))).size,
    ).toBe(0);
  });
});

describe('what the canary sells', () => {
  const ofCanary = { source: 'canary' };

  it('counts for its source, and for nobody', () => {
    for (const state of [deal(ofCanary), wonDeal(ofCanary)]) {
      const scopes = [...contribution(factOf(state)).keys()].map((bucket) => bucket.split('#')[0]);
      expect(new Set(scopes)).toEqual(new Set(['source:canary']));
    }
    expect(at(factOf(wonDeal(ofCanary)), 'source:canary', '2026-11-11')).toMatchObject({
      wonRevenue: 10_000,
      wonDeals: 1,
    });
  });

  it('is taken from everyone whom it counted for before', () => {
    const moved = difference(factOf(wonDeal({ source: 'fair' })), factOf(wonDeal(ofCanary)));
    const wonBy = (scope: string) =>
      [...moved].find(([bucket]) => bucket.startsWith(`${scope}#2026-11-11`))?.[1].add['c.wonDeals'];
    expect(['org:org', `rep:${id('mem', 1)}`, 'source:fair', 'source:canary'].map(wonBy)).toEqual([
      -1, -1, -1, 1,
    ]);
  });
});

describe('what an order counts', () => {
  it('counts when it is paid, as revenue without tax and shipping, for its store and source', () => {
    const counts = { ordersCount: 1, ordersNet: 5_000, wonRevenue: 5_000 };
    for (const scope of ['org:org', `store:${id('store', 1)}`, 'source:order', `rep:${id('mem', 1)}`])
      expect(at(orderFactOf(order()), scope, '2026-11-03')).toEqual(counts);
  });

  it.each([
    { paidAt: undefined },
    { test: true },
    { deleted: true },
    { cancelledAt: '2026-11-03T09:30:00Z' },
  ])('counts for nothing with %o', (over) => {
    expect(contribution(orderFactOf(order(over))).size).toBe(0);
  });

  it('takes refunds and the rest of a cancellation back at their own dates', () => {
    const refunds = [
      {
        externalId: '1',
        at: '2026-11-05T10:00:00Z',
        net: eur(2_000),
        total: eur(2_500),
        reportingNet: eur(2_000),
      },
    ];
    const fact = orderFactOf(order({ refunds, cancelledAt: '2026-11-07T10:00:00Z' }));
    expect(at(fact, 'org:org', '2026-11-05')).toEqual({ ordersRefunded: 2_000, wonRevenue: -2_000 });
    expect(at(fact, 'org:org', '2026-11-07')).toEqual({ ordersRefunded: 3_000, wonRevenue: -3_000 });
    expect(at(fact, 'org:org', '2026-11-03').wonRevenue).toBe(5_000);
  });

  it('leaves its revenue to the deal that it belongs to', () => {
    expect(at(orderFactOf(order({ dealId: id('deal', 1) })), 'org:org', '2026-11-03')).toEqual({
      ordersCount: 1,
      ordersNet: 5_000,
    });
  });

  it('waits in sight for an exchange rate', () => {
    expect(at(orderFactOf(order({ reportingNet: undefined })), 'org:org', '2026-11-03')).toEqual({
      ordersCount: 1,
      ordersUnvalued: 1,
    });
  });
});

describe('shares', () => {
  it('leave what nobody is credited with to nobody', () => {
    expect(splitByWeights(100, [5_000, 5_000])[0]).toBe(50);
    const half = {
      credits: [{ memberId: id('mem', 1), basisPoints: 5_000, teamPath: [] }],
      territoryPath: [],
    };
    expect(at(factOf(wonDeal({ attribution: half })), `rep:${id('mem', 1)}`, '2026-11-11').wonRevenue).toBe(
      5_000,
    );
  });
});
