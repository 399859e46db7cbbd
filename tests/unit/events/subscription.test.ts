import { expect, test } from 'vitest';
import { DealLost, DealWon } from '../../../shared/events/deals.ts';
import { eventPattern, subscription } from '../../../shared/events/subscription.ts';
import { MemberAdded } from '../../../shared/events/team.ts';

const declaration = {
  service: 'metrics',
  name: 'facts',
  function: 'facts',
  contracts: [DealWon, DealLost, MemberAdded],
} as const;

test('the rule’s pattern names each source once and every detail-type with its major', () => {
  expect(eventPattern(subscription(declaration))).toEqual({
    source: ['quotaline.deals', 'quotaline.team'],
    'detail-type': ['DealWon.v1', 'DealLost.v1', 'MemberAdded.v1'],
  });
});

test('a filter on the detail is part of the pattern', () => {
  const filter = { data: { status: ['won'] } };
  expect(eventPattern(subscription({ ...declaration, filter }))).toMatchObject({ detail: filter });
});

test('what the queue mapping would refuse is refused where it is declared', () => {
  expect(() => subscription({ ...declaration, contracts: [] })).toThrow(RangeError);
  expect(() => subscription({ ...declaration, batchSize: 100 })).toThrow(RangeError);
  expect(() => subscription({ ...declaration, maxConcurrency: 1 })).toThrow(RangeError);
  expect(subscription({ ...declaration, batchSize: 100, batchWindowSeconds: 1 }).batchSize).toBe(100);
});
