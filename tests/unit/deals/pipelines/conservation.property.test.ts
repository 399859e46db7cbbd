import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import type { Deal } from '../../../../services/deals/domain/deal.ts';
import { edit } from '../../../../services/deals/domain/deal-edits.ts';
import { moveStage, reopen, win } from '../../../../services/deals/domain/deal-steps.ts';
import { lineItemsFrom } from '../../../../services/deals/domain/line-items.ts';
import { defaultPipeline } from '../../../../services/deals/domain/pipeline.ts';
import { settle } from '../../../../services/deals/settlement.ts';
import { defaultOrganization } from '../../../../shared/directory/organization.ts';
import { InvalidTransition } from '../../../../shared/errors/errors.ts';
import { splitByWeights } from '../../../../shared/money/split.ts';
import { day, directory, ids, NOW, openDeal, USD, usd } from '../deals.fixture.ts';

const money = fc.integer({ min: 0, max: 1_000_000_000 });
const line = fc.record({
  quantity: fc.integer({ min: 1, max: 5_000 }),
  price: fc.integer({ min: 0, max: 100_000 }),
  basisPoints: fc.integer({ min: 0, max: 10_000 }),
});
const step = fc.oneof(
  fc.record({ step: fc.constant('sell' as const), lines: fc.array(line, { minLength: 1, maxLength: 8 }) }),
  fc.record({ step: fc.constant('price' as const), amount: money }),
  fc.record({ step: fc.constant('share' as const), basisPoints: fc.integer({ min: 1, max: 9_999 }) }),
  fc.record({ step: fc.constant('unshare' as const) }),
  fc.record({ step: fc.constant('transfer' as const), to: fc.constantFrom(ids.ada, ids.bob) }),
  fc.record({ step: fc.constant('move' as const), stage: fc.constantFrom('prospecting', 'closing') }),
  fc.record({ step: fc.constant('win' as const), amount: money }),
  fc.record({ step: fc.constant('reopen' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const lineItemsOf = (lines: Extract<Step, { step: 'sell' }>['lines']) =>
  lineItemsFrom(
    lines.map(({ quantity, price, basisPoints }, index) => ({
      productId: index % 2 === 0 ? ids.lasagne : ids.penne,
      quantity,
      unitPrice: usd(price),
      discount: { basisPoints },
    })),
    new Map([ids.lasagne, ids.penne].map((id) => [id, {}])),
  );

const taken = (deal: Deal, each: Step): Deal => {
  switch (each.step) {
    case 'sell':
      return edit(deal, {}, { lineItems: lineItemsOf(each.lines), now: NOW, pipeline: defaultPipeline });
    case 'price':
      return edit(deal, { amount: usd(each.amount) }, { now: NOW, pipeline: defaultPipeline });
    case 'share': {
      const shares: [typeof ids.ada, number][] = [
        [ids.ada, each.basisPoints],
        [ids.bob, 10_000 - each.basisPoints],
      ];
      const splits = shares.map(([memberId, basisPoints]) => ({ memberId, basisPoints }));
      return edit(deal, { splits }, { now: NOW, pipeline: defaultPipeline });
    }
    case 'unshare':
      return edit(deal, { splits: [] }, { now: NOW, pipeline: defaultPipeline });
    case 'transfer':
      return edit(deal, { ownerId: each.to }, { now: NOW, pipeline: defaultPipeline });
    case 'move':
      return moveStage(deal, each.stage, NOW, defaultPipeline);
    case 'win':
      return win(deal, { at: NOW, now: NOW, amount: usd(each.amount) });
    case 'reopen':
      return reopen(deal, { reason: 'again', now: NOW, pipeline: defaultPipeline });
  }
};

const settled = async (deal: Deal) =>
  settle(
    deal,
    {
      organization: () => defaultOrganization,
      directory,
      account: () => undefined,
      rate: () => ({ currency: USD, rate: '1', day: day('2026-11-23') }),
    },
    NOW,
  );

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);

test.prop([fc.array(step, { maxLength: 25 })])(
  'whatever is sold, discounted, shared, transferred and won: lines and credits add up to the deal, and a transfer moves no closed cent',
  async (steps) => {
    let deal = await settled(openDeal());
    for (const each of steps) {
      const before = deal;
      try {
        deal = await settled(taken(before, each));
      } catch (error) {
        // A step that the deal's status has no place for changes nothing.
        if (!(error instanceof InvalidTransition)) throw error;
      }
      const { amount, lineItems, attribution } = deal;
      if (lineItems.length > 0) expect(sum(lineItems.map((item) => item.amount.amount))).toBe(amount.amount);
      const weights = attribution.credits.map(({ basisPoints }) => basisPoints);
      expect(sum(weights)).toBe(10_000);
      expect(sum(splitByWeights(amount.amount, weights))).toBe(amount.amount);
      if (each.step === 'transfer') {
        expect(deal).toMatchObject({ amount: before.amount, lineItems: before.lineItems });
        if (before.status !== 'open') expect(deal.attribution).toEqual(before.attribution);
      }
    }
  },
);
