import { describe, expect, test } from 'vitest';
import { closingBetween } from '../../../services/metrics/domain/closing.ts';
import type { Fact } from '../../../services/metrics/domain/fact.ts';
import { outcomesOf } from '../../../services/metrics/domain/outcomes.ts';
import { measuring } from '../../../services/metrics/store/measuring.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { observedMetrics } from '../../support/observed.ts';

const fact = (over: Partial<Fact> = {}): Fact => ({
  subject: 'deal_1',
  kind: 'deal',
  name: 'Trattoria Roma',
  epoch: 0,
  version: 1,
  currency: 'USD',
  timeZone: 'UTC',
  state: 'open',
  refunded: 0,
  credits: [],
  territoryPath: [],
  products: [],
  otherWeight: 0,
  entries: [{ counts: { openDeals: 1 } }],
  ...over,
});
const won = fact({ version: 2, state: 'won', entries: [{ counts: { wonDeals: 1 }, credited: 12_345 }] });
const paid = fact({
  subject: 'order_1',
  kind: 'order',
  state: 'paid',
  currency: 'JPY',
  entries: [{ counts: { ordersCount: 1 }, credited: 900 }],
});

describe('a closing', () => {
  test('is a deal that is won now and was not before, with what it brought', () => {
    expect(closingBetween(fact(), won)).toEqual({ kind: 'deal', revenue: 12_345, currency: 'USD' });
    expect(closingBetween(undefined, won)).toMatchObject({ revenue: 12_345 });
    expect(closingBetween(fact(), fact({ version: 2 }))).toBeUndefined();
  });

  test('is told once, and nothing is taken back: a correction, a refund or a reopened deal is none', () => {
    expect(
      closingBetween(won, { ...won, version: 3, entries: [...won.entries, { credited: -500 }] }),
    ).toBeUndefined();
    expect(closingBetween(won, fact({ version: 3 }))).toBeUndefined();
  });

  test('is a paid order as well; one of a deal brings nothing beside it', () => {
    expect(closingBetween(undefined, paid)).toEqual({ kind: 'order', revenue: 900, currency: 'JPY' });
    expect(closingBetween(undefined, { ...paid, entries: [{ counts: { ordersCount: 1 } }] })).toMatchObject({
      revenue: 0,
    });
  });

  test('is never the canary’s', () => {
    expect(closingBetween(fact(), { ...won, source: 'canary' })).toBeUndefined();
  });
});

describe('what counting measures', () => {
  const startedAt = instantFrom(Date.UTC(2026, 10, 23, 9, 30));
  const clock = { now: () => instantFrom(Date.UTC(2026, 10, 23, 9, 30, 2)) };
  const cause = { correlationId: 'c', actor: 'system', startedAt } as const;
  const message = (isReplayed: boolean) => ({
    cause,
    event: { detailType: 'DealWon.v1', data: {}, isReplayed } as Parameters<
      typeof measuring
    >[0][number]['event'],
  });

  test('is the age of the chain, and revenue in major units of its currency', () => {
    const metrics = observedMetrics();
    const onCounted = measuring([message(false)], metrics, clock);
    onCounted({ before: undefined, fact: won, cause });
    onCounted({ before: undefined, fact: paid, cause });
    expect(metrics.durations).toEqual({ EndToEndLag: [2_000, 2_000] });
    expect(metrics.counts).toEqual({ DealsWon: 1, OrdersPaid: 1 });
    expect(metrics.sums).toEqual({ 'RevenueClosed USD': 123.45, 'RevenueClosed JPY': 900 });
  });

  test('is no age for what a replay brings: it happened long ago', () => {
    const metrics = observedMetrics();
    measuring([message(true)], metrics, clock)({ before: undefined, fact: won, cause });
    expect(metrics.durations).toEqual({});
    expect(metrics.counts).toEqual({ DealsWon: 1 });
  });
});

describe('what became of the events of a batch', () => {
  const cause = { correlationId: 'c', actor: 'system' } as const;
  const at = (version: number, subject = 'a') => ({ fact: fact({ subject, version }), cause });

  test('tells those taken along by a newer one from the same once more', () => {
    expect(outcomesOf([at(1), at(3), at(2), at(3)], new Set(['a']), new Map())).toEqual([
      'merged',
      'done',
      'merged',
      'duplicate',
    ]);
  });

  test('tells late ones from repeated ones, beside what was kept', () => {
    const kept = new Map([['a', fact({ subject: 'a', version: 2 })]]);
    expect(outcomesOf([at(1), at(2), at(3)], new Set(['a']), kept)).toEqual(['stale', 'duplicate', 'done']);
    expect(outcomesOf([at(1), at(2), at(1, 'b')], new Set(['b']), kept)).toEqual([
      'stale',
      'duplicate',
      'done',
    ]);
  });
});
