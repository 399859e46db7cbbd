import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { edit } from '../../../../services/deals/domain/deal-edits.ts';
import { win } from '../../../../services/deals/domain/deal-steps.ts';
import {
  approveDiscount,
  assertApproved,
  discountedLines,
  needsApproval,
} from '../../../../services/deals/domain/discounts.ts';
import { type LineItem, lineItemsFrom } from '../../../../services/deals/domain/line-items.ts';
import { defaultPipeline } from '../../../../services/deals/domain/pipeline.ts';
import { Conflict, InvalidTransition, Unprocessable } from '../../../../shared/errors/errors.ts';
import { eur, ids, NOW, openDeal, usd } from '../deals.fixture.ts';

const products = new Map([[ids.lasagne, { listPrice: usd(1_000) }]]);
const lines = (...inputs: readonly object[]): LineItem[] =>
  lineItemsFrom(
    inputs.map((input) => ({ productId: ids.lasagne, quantity: 1, ...input })),
    products,
  );
const pipeline = { ...defaultPipeline, discountApprovalAbove: 0.15 };
const dealWith = (...inputs: readonly object[]) => {
  const lineItems = lines(...inputs);
  return openDeal({ lineItems, amount: usd(lineItems.reduce((sum, { amount }) => sum + amount.amount, 0)) });
};
const approved = (deal = dealWith({ discount: { basisPoints: 2_000 } })) =>
  approveDiscount(deal, pipeline, { by: ids.bob, now: NOW });

describe('the discount of a line', () => {
  it('is taken off price × quantity, half-even', () => {
    const [line] = lines({ quantity: 3, unitPrice: usd(5), discount: { basisPoints: 1_000 } });
    expect(line).toMatchObject({
      discount: usd(2),
      discountBasisPoints: 1_000,
      amount: usd(13),
      listPrice: usd(1_000),
    });
    expect(lines({ unitPrice: usd(25), discount: { basisPoints: 1_000 } })[0]).toMatchObject({
      discount: usd(2),
    });
    expect(lines({ unitPrice: usd(35), discount: { basisPoints: 1_000 } })[0]).toMatchObject({
      discount: usd(4),
    });
    expect(lines({ discount: { money: usd(1) } })[0]).toMatchObject({ discount: usd(1), amount: usd(999) });
  });

  it('is all of the line at most, in its currency, and says the same as the amount', () => {
    const paths = (...inputs: readonly object[]): unknown => {
      try {
        return lines(...inputs);
      } catch (error) {
        return error instanceof Unprocessable && error.errors?.map(({ path }) => path);
      }
    };
    expect(lines({ discount: { basisPoints: 10_000 } })[0]).toMatchObject({ amount: usd(0) });
    expect(
      paths(
        { discount: { basisPoints: 10_001 } },
        { discount: { money: usd(1_001) } },
        { discount: { money: eur(1) } },
        { discount: { basisPoints: 1_000 }, amount: usd(901) },
      ),
    ).toEqual([
      '/lineItems/0/discount/basisPoints',
      '/lineItems/1/discount/money/amount',
      '/lineItems/2/discount/money/currency',
      '/lineItems/3/amount/amount',
    ]);
  });

  it('is what another amount of the deal makes it', () => {
    const deal = dealWith({ discount: { basisPoints: 1_000 } }, { quantity: 2 });
    const cheaper = edit(deal, { amount: usd(2_610) }, { now: NOW, pipeline: defaultPipeline });
    expect(cheaper.lineItems).toMatchObject([
      { amount: usd(810), discount: usd(190) },
      { amount: usd(1_800) },
    ]);
    expect(cheaper.lineItems[0]).not.toHaveProperty('discountBasisPoints');
  });

  test.prop([
    fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 1_000 }),
        price: fc.integer({ min: 0, max: 10_000_000 }),
        basisPoints: fc.integer({ min: 0, max: 10_000 }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    fc.integer({ min: 0, max: 1_000_000_000 }),
  ])(
    'loses and makes no cent: lines are the deal, each is price less discount, at any amount',
    (given, amount) => {
      const deal = dealWith(
        ...given.map(({ quantity, price, basisPoints }) => ({
          quantity,
          unitPrice: usd(price),
          discount: { basisPoints },
        })),
      );
      const isWhole = (each: typeof deal) => {
        expect(each.lineItems.reduce((sum, line) => sum + line.amount.amount, 0)).toBe(each.amount.amount);
        for (const { discount, unitPrice, quantity, amount: left } of each.lineItems)
          if (discount !== undefined) expect(unitPrice.amount * quantity - discount.amount).toBe(left.amount);
      };
      isWhole(deal);
      isWhole(edit(deal, { amount: usd(amount) }, { now: NOW, pipeline: defaultPipeline }));
      isWhole(win(deal, { at: NOW, now: NOW, amount: usd(amount) }));
    },
  );
});

describe('the approval of discounts', () => {
  it('is needed above the threshold, whichever way the line came below its list price', () => {
    expect(discountedLines(dealWith({ discount: { basisPoints: 1_500 } }), pipeline)).toEqual([]);
    for (const input of [
      { discount: { money: usd(151) } },
      { unitPrice: usd(849) },
      { amount: usd(849) },
      { unitPrice: usd(900), discount: { basisPoints: 1_000 } },
    ])
      expect(needsApproval(dealWith(input), pipeline)).toBe(true);
    const cut = edit(dealWith({}), { amount: usd(849) }, { now: NOW, pipeline: defaultPipeline });
    expect(needsApproval(cut, pipeline)).toBe(true);
    expect(needsApproval(cut, defaultPipeline)).toBe(false);
  });

  it('lets the deal be won, and says until then who may give it', () => {
    const deal = dealWith({ discount: { basisPoints: 2_000 } });
    expect(() => assertApproved(deal, pipeline, 'Mia')).toThrow(/more than 15 %.*by Mia/);
    expect(approved(deal).discountApproval).toMatchObject({ by: ids.bob, at: NOW });
    assertApproved(approved(deal), pipeline, 'Mia');
    expect(() => approved(dealWith({}))).toThrow(Conflict);
    expect(() => approved(win(deal, { at: NOW, now: NOW }))).toThrow(InvalidTransition);
  });

  it('is withdrawn when a line is discounted by more, and stays when by less or as much', () => {
    const withLines = (...inputs: readonly object[]) =>
      edit(approved(), {}, { lineItems: lines(...inputs), now: NOW, pipeline: defaultPipeline })
        .discountApproval;
    expect(withLines({ quantity: 7, discount: { basisPoints: 2_000 } })).toBeDefined();
    expect(withLines({ discount: { basisPoints: 1_600 } })).toBeDefined();
    expect(withLines({ discount: { basisPoints: 2_010 } })).toBeUndefined();
    expect(
      edit(approved(), { amount: usd(799) }, { now: NOW, pipeline: defaultPipeline }).discountApproval,
    ).toBeUndefined();
    expect(win(approved(), { at: NOW, now: NOW, amount: usd(799) }).discountApproval).toBeUndefined();
    expect(win(approved(), { at: NOW, now: NOW }).discountApproval).toBeDefined();
  });

  it('does not speak for a product that was not approved', () => {
    const others = lines({ discount: { basisPoints: 1_000 } }).map((each) => ({
      ...each,
      productId: ids.penne,
    }));
    const lineItems = [...approved().lineItems, ...others];
    expect(
      edit(approved(), {}, { lineItems, now: NOW, pipeline: defaultPipeline }).discountApproval,
    ).toBeUndefined();
  });
});
