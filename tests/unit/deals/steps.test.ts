import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { adjust } from '../../../services/deals/domain/adjustments.ts';
import { assertSplits, newDeal } from '../../../services/deals/domain/deal.ts';
import { edit } from '../../../services/deals/domain/deal-edits.ts';
import { lose, moveStage, remove, reopen, win } from '../../../services/deals/domain/deal-steps.ts';
import { lineItemsFrom, spreadOver, sumOf } from '../../../services/deals/domain/line-items.ts';
import { entered, MAX_STAGE_ENTRIES, stageVisits } from '../../../services/deals/domain/stage-history.ts';
import { freeze, MAX_AMOUNT } from '../../../services/deals/domain/valuation.ts';
import { defaultPipeline } from '../../../services/deals/domain/pipeline.ts';
import { InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { AdjustmentId, derivedId } from '../../../shared/ids/id.ts';
import { at, day, eur, EUR, ids, line, NOW, openDeal, USD, usd } from './deals.fixture.ts';

const CLOSE = at('2026-11-20T12:00:00Z');
const rate = { currency: USD, rate: '1', day: day('2026-11-20') };
const won = (deal = openDeal()) =>
  freeze(win(deal, { at: CLOSE, now: NOW }), { credits: [], territoryPath: [] }, rate);

describe('winning and losing', () => {
  it('closes an open deal at the time given, for the amount given', () => {
    const deal = win(openDeal(), { at: CLOSE, now: NOW, amount: usd(99_900) });
    expect(deal).toMatchObject({ status: 'won', closedAt: CLOSE, amount: usd(99_900) });
    expect(deal.stageHistory.at(-1)).toEqual({ stage: 'won', enteredAt: CLOSE });
  });

  it('refuses to win a lost deal, and to win or lose twice', () => {
    const lost = lose(openDeal(), { at: CLOSE, now: NOW, reason: 'price', pipeline: defaultPipeline });
    expect(() => win(lost, { at: CLOSE, now: NOW })).toThrow(InvalidTransition);
    expect(() => win(won(), { at: CLOSE, now: NOW })).toThrow('The deal is won already.');
    expect(() => lose(lost, { at: CLOSE, now: NOW, reason: 'price', pipeline: defaultPipeline })).toThrow(
      InvalidTransition,
    );
  });

  it('refuses a close in the future, another currency, and a reason that isn’t configured', () => {
    const future = at('2026-11-23T15:30:00.001Z');
    expect(() => win(openDeal(), { at: future, now: NOW })).toThrow(Unprocessable);
    expect(() => win(openDeal(), { at: CLOSE, now: NOW, amount: eur(1) })).toThrow('The deal is in USD');
    expect(() =>
      lose(openDeal(), { at: CLOSE, now: NOW, reason: 'bad luck', pipeline: defaultPipeline }),
    ).toThrow(Unprocessable);
  });

  it('undoes the close when reopened, and waits to be frozen anew when won again', () => {
    const open = reopen(won(), { reason: 'signed the wrong paper', now: NOW, pipeline: defaultPipeline });
    expect(open).toMatchObject({ status: 'open', stage: 'negotiation' });
    expect(open).not.toHaveProperty('closedAt');
    expect(open).not.toHaveProperty('frozenRate');
    expect(() => reopen(open, { reason: 'again', now: NOW, pipeline: defaultPipeline })).toThrow(
      InvalidTransition,
    );
    expect(win(open, { at: CLOSE, now: NOW })).not.toHaveProperty('frozenRate');
  });

  it('is not won again for less than was taken back after the former win', () => {
    const refund = { id: derivedId(AdjustmentId, '1'), kind: 'refund', at: NOW, reason: 'broken' } as const;
    const open = reopen(adjust(won(), { ...refund, amount: usd(100_000) }, NOW), {
      reason: 'x',
      now: NOW,
      pipeline: defaultPipeline,
    });
    expect(() => win(open, { at: CLOSE, now: NOW, amount: usd(99_999) })).toThrow('More was taken back');
    expect(win(open, { at: CLOSE, now: NOW, amount: usd(100_000) })).toMatchObject({ status: 'won' });
  });

  it('values the adjustments of a former win at the new rate', () => {
    const refund = {
      id: derivedId(AdjustmentId, '1'),
      kind: 'refund',
      amount: eur(100),
      at: NOW,
      reason: 'broken',
    } as const;
    const euros = { currency: USD, day: day('2026-11-20') };
    const first = win(openDeal({ amount: eur(1_000) }), { at: CLOSE, now: NOW });
    const adjusted = adjust(
      freeze(first, { credits: [], territoryPath: [] }, { ...euros, rate: '1.1' }),
      refund,
      NOW,
    );
    expect(adjusted.adjustments[0]?.reportingAmount).toEqual(usd(-110));
    const again = win(reopen(adjusted, { reason: 'x', now: NOW, pipeline: defaultPipeline }), {
      at: CLOSE,
      now: NOW,
    });
    const frozen = freeze(again, { credits: [], territoryPath: [] }, { ...euros, rate: '1.2' });
    expect(frozen).toMatchObject({
      reportingAmount: usd(1_200),
      adjustments: [{ reportingAmount: usd(-120) }],
    });
  });

  it('leaves a tombstone', () => {
    expect(remove(openDeal(), NOW)).toMatchObject({ deleted: true, updatedAt: NOW });
  });
});

describe('moving between stages', () => {
  it('moves forward, back and over stages, and not at all to where the deal stands', () => {
    const deal = openDeal();
    expect(moveStage(deal, 'prospecting', NOW, defaultPipeline).stage).toBe('prospecting');
    expect(moveStage(deal, 'negotiation', NOW, defaultPipeline)).toBe(deal);
    expect(() => moveStage(deal, 'signed', NOW, defaultPipeline)).toThrow(Unprocessable);
    expect(() => moveStage(won(), 'closing', NOW, defaultPipeline)).toThrow(InvalidTransition);
  });

  it('tells how long the deal stood in each stage', () => {
    const history = entered(
      [{ stage: 'prospecting', enteredAt: at('2026-11-20T00:00:00Z') }],
      'closing',
      CLOSE,
    );
    expect(stageVisits(history, NOW)).toMatchObject([
      { stage: 'prospecting', leftAt: CLOSE, durationSeconds: 43_200 },
      { stage: 'closing', durationSeconds: 271_800 },
    ]);
  });

  test.prop([fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(1_000_000)), { maxLength: 120 })])(
    'keeps a bounded history that never goes back in time, with its first entry',
    (moves) => {
      const start = [{ stage: 'start', enteredAt: at('1970-01-01T00:05:00Z') }];
      const history = moves.reduce(
        (entries, [stage, seconds]) => entered(entries, stage, at(new Date(seconds * 1000).toISOString())),
        start,
      );
      expect(history.length).toBeLessThanOrEqual(MAX_STAGE_ENTRIES);
      expect(history[0]?.stage).toBe('start');
      expect(history.map(({ enteredAt }) => enteredAt)).toEqual(
        history.map(({ enteredAt }) => enteredAt).toSorted(),
      );
    },
  );
});

describe('editing', () => {
  it('leaves alone what isn’t named, and empties what is null', () => {
    const edited = edit(
      openDeal({ nextStep: 'Call', source: 'fair' }),
      { nextStep: null, name: 'Renamed' },
      { now: NOW, pipeline: defaultPipeline },
    );
    expect(edited).toMatchObject({ name: 'Renamed', source: 'fair' });
    expect(edited.nextStep).toBeUndefined();
  });

  it('refuses to change what a closed deal counts for, but not who looks after it', () => {
    expect(() => edit(won(), { amount: usd(1) }, { now: NOW, pipeline: defaultPipeline })).toThrow(
      'amount can’t change any more',
    );
    expect(() => edit(won(), { startedAt: null }, { now: NOW, pipeline: defaultPipeline })).toThrow(
      InvalidTransition,
    );
    expect(edit(won(), { ownerId: ids.bob }, { now: NOW, pipeline: defaultPipeline })).toMatchObject({
      ownerId: ids.bob,
      amount: usd(129_900),
    });
    expect(() => edit(won(), { lostReason: 'price' }, { now: NOW, pipeline: defaultPipeline })).toThrow(
      Unprocessable,
    );
  });

  it('refuses an amount that the line items don’t add up to', () => {
    const lineItems = [line(100), line(50, ids.penne)];
    expect(edit(openDeal(), {}, { lineItems, now: NOW, pipeline: defaultPipeline }).amount).toEqual(usd(150));
    expect(() =>
      edit(openDeal(), { amount: usd(151) }, { lineItems, now: NOW, pipeline: defaultPipeline }),
    ).toThrow(Unprocessable);
    expect(() =>
      edit(openDeal({ amount: eur(1) }), {}, { lineItems, now: NOW, pipeline: defaultPipeline }),
    ).toThrow('The deal is in EUR');
  });

  it('refuses a start in the future', () => {
    const fresh = { ...openDeal(), startedAt: at('2027-01-01T00:00:00Z') };
    expect(() => newDeal(fresh, NOW, defaultPipeline)).toThrow(Unprocessable);
  });
});

describe('splits', () => {
  const share = (memberId: typeof ids.ada, basisPoints: number) => ({ memberId, basisPoints });

  it.each([
    ['99 %', [share(ids.ada, 5_000), share(ids.bob, 4_900)]],
    ['101 %', [share(ids.ada, 5_000), share(ids.bob, 5_100)]],
    ['one member twice', [share(ids.ada, 5_000), share(ids.ada, 5_000)]],
    ['eleven members', Array.from({ length: 11 }, () => share(ids.ada, 909))],
  ])('refuses %s', (_what, splits) => {
    expect(() => assertSplits(splits)).toThrow(Unprocessable);
  });

  it('takes 100 %, and none', () => {
    expect(() => assertSplits([share(ids.ada, 7_000), share(ids.bob, 3_000)])).not.toThrow();
    expect(() => assertSplits([])).not.toThrow();
  });
});

describe('line items', () => {
  it('take price and amount from the product where they aren’t given', () => {
    const products = new Map([[ids.lasagne, { listPrice: usd(468) }]]);
    expect(lineItemsFrom([{ productId: ids.lasagne, quantity: 3 }], products)).toEqual([
      {
        productId: ids.lasagne,
        quantity: 3,
        listPrice: usd(468),
        unitPrice: usd(468),
        amount: usd(1_404),
      },
    ]);
    expect(() => lineItemsFrom([{ productId: ids.penne, quantity: 1 }], products)).toThrow(Unprocessable);
    expect(() => sumOf([line(1), { ...line(1), amount: { amount: 1, currency: EUR } }])).toThrow(
      Unprocessable,
    );
  });

  test.prop([fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 20 }), fc.nat(1_000_000_000)])(
    'add up to the amount that a deal closes at, to the last cent',
    (amounts, total) => {
      const lines = amounts.map((amount) => line(amount));
      expect(sumOf(spreadOver(lines, usd(total)))).toEqual(usd(total));
    },
  );
});

describe('adjustments', () => {
  it('make no deal worth more than can be added up exactly', () => {
    const correction = {
      id: derivedId(AdjustmentId, '9'),
      kind: 'correction',
      at: NOW,
      reason: 'x',
    } as const;
    expect(() => adjust(won(), { ...correction, amount: usd(MAX_AMOUNT) }, NOW)).toThrow(Unprocessable);
  });

  const id = derivedId(AdjustmentId, 'one');
  const refund = { id, kind: 'refund', amount: usd(29_900), at: NOW, reason: 'broken' } as const;

  it('take away for a refund and a chargeback, and keep a correction’s sign', () => {
    expect(adjust(won(), refund, NOW).adjustments).toMatchObject([
      { amount: usd(-29_900), reportingAmount: usd(-29_900) },
    ]);
    const correction = { ...refund, kind: 'correction' } as const;
    expect(adjust(won(), correction, NOW).adjustments).toMatchObject([{ amount: usd(29_900) }]);
  });

  it('are recorded once, and only on a won deal', () => {
    const adjusted = adjust(won(), refund, NOW);
    expect(adjust(adjusted, refund, NOW)).toBe(adjusted);
    expect(() => adjust(adjusted, { ...refund, amount: usd(1) }, NOW)).toThrow('another body');
    expect(() => adjust(openDeal(), refund, NOW)).toThrow(InvalidTransition);
  });

  it('refuse more than is left, nothing at all, another currency, and dates that can’t be', () => {
    const adjusted = adjust(won(), refund, NOW);
    const next = { ...refund, id: derivedId(AdjustmentId, 'two') };
    expect(() => adjust(adjusted, { ...next, amount: usd(100_001) }, NOW)).toThrow('brought in');
    expect(() => adjust(adjusted, { ...next, amount: usd(0) }, NOW)).toThrow(Unprocessable);
    expect(() => adjust(adjusted, { ...next, amount: eur(1) }, NOW)).toThrow(Unprocessable);
    expect(() => adjust(adjusted, { ...next, at: at('2026-11-19T23:00:00Z') }, NOW)).toThrow(
      'before the deal was won',
    );
    expect(() => adjust(adjusted, { ...next, at: at('2026-11-24T00:00:00Z') }, NOW)).toThrow('future');
  });
});
