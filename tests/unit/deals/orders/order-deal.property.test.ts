import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { OrderMessage } from '../../../../services/deals/domain/commerce/order-message.ts';
import { dealOf, type OrderRecord } from '../../../../services/deals/domain/commerce/order.ts';
import { isSold } from '../../../../services/deals/domain/commerce/order-life.ts';
import type { Deal } from '../../../../services/deals/domain/deal.ts';
import { lose, remove, reopen, win } from '../../../../services/deals/domain/deal-steps.ts';
import { defaultPipeline } from '../../../../services/deals/domain/pipeline.ts';
import { dealId, hours, openDeal, OrderDealWorld, told, usd } from './order-deal-world.ts';

type Told = Exclude<OrderMessage, { kind: 'irrelevant' | 'fetch' }>;
const named = dealId('autumn menu');

const amount = fc.integer({ min: 1, max: 5_000 });

/** What a store tells of one order, each word once: it may arrive in any order and again. */
const words = (number: string, names: boolean): fc.Arbitrary<Told[]> =>
  fc
    .record({
      net: amount,
      edited: fc.option(amount, { nil: undefined }),
      paid: fc.constantFrom(true, true, true, false),
      cancelled: fc.constantFrom(false, false, false, true),
      test: fc.constantFrom(false, false, false, false, true),
      deleted: fc.constantFrom(false, false, false, false, true),
      refunds: fc.array(amount, { maxLength: 2 }),
    })
    .map(({ net, edited, paid, cancelled, test: isTest, deleted, refunds }) => {
      const dealRef = names ? named : undefined;
      const common = { dealRef, test: isTest, paidAt: paid ? 2 : undefined };
      const last = edited ?? net;
      return [
        told(number, { ...common, paidAt: undefined, at: 1, net }),
        told(number, { ...common, at: 2, net }),
        told(number, { ...common, at: 3, net: last }),
        ...(cancelled ? [told(number, { ...common, at: 9, net: last, cancelledAt: 9 })] : []),
        ...refunds.map((each, index): Told => ({
          kind: 'refund',
          orderExternalId: number,
          refund: {
            externalId: `${number}-${String(index)}`,
            net: usd(each),
            total: usd(each),
            at: hours(4 + index),
          },
        })),
        ...(deleted ? [{ kind: 'deletion', orderExternalId: number } as const] : []),
      ] as Told[];
    });

type Act = 'win' | 'winAt' | 'lose' | 'reopen' | 'delete' | 'reconsider';
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.constantFrom('win', 'winAt', 'lose', 'reopen', 'reopen', 'delete', 'reconsider', 'reconsider'),
  { maxLength: 6 },
);

const done = (deal: Deal | undefined, act: Act, now: Deal['createdAt']): Deal | undefined => {
  if (deal === undefined || deal.deleted) return undefined;
  if (act === 'delete') return remove(deal, now);
  if (act === 'reopen')
    return deal.status === 'open'
      ? undefined
      : reopen(deal, { reason: 'again', now, pipeline: defaultPipeline });
  if (deal.status !== 'open') return undefined;
  if (act === 'lose') return lose(deal, { at: now, now, reason: 'price', pipeline: defaultPipeline });
  const back = -deal.adjustments.reduce((sum, each) => sum + each.amount.amount, 0);
  return win(deal, {
    at: act === 'winAt' ? hours(5) : now,
    now,
    amount: usd(Math.max(back, deal.amount.amount)),
  });
};

/** Two sequences as one, each in its own order; `picks` says which comes next. */
const interleaved = <T>(a: readonly T[], b: readonly T[], picks: readonly boolean[]): T[] => {
  const [left, right] = [[...a], [...b]];
  const all: T[] = [];
  for (const pick of picks) {
    const next = (pick ? left : right).shift();
    if (next !== undefined) all.push(next);
  }
  return [...all, ...left, ...right];
};

const back = ({ refunds, snapshot }: OrderRecord): number => {
  const whole = snapshot?.net.amount ?? 0;
  const given = refunds.reduce((sum, { net }) => sum + net.amount, 0);
  return snapshot?.cancelledAt === undefined ? given : Math.max(given, whole);
};

/** What must be counted, from the definition: the deal with its orders once, and each order without a deal by itself. */
const expected = (world: OrderDealWorld): number => {
  const orders = [...world.orders.values()].filter(isSold);
  const alone = orders.filter((order) => dealOf(order) === undefined);
  const ofDeals = [...world.deals.values()]
    .filter(({ status, deleted }) => status === 'won' && !deleted)
    .map(({ id, amount: { amount: won } }) => {
      const taken = orders
        .filter((order) => dealOf(order) === id)
        .reduce((sum, order) => sum + back(order), 0);
      return won - Math.min(won, taken);
    });
  const byThemselves = alone.map((order) => {
    const net = order.snapshot.net.amount;
    return net - Math.min(net, back(order));
  });
  return [...ofDeals, ...byThemselves].reduce((sum, each) => sum + each, 0);
};

const assertOnce = (world: OrderDealWorld): void => {
  expect(world.wonRevenue()).toBe(expected(world));
  for (const order of [...world.orders.values()].filter(isSold)) {
    const deal = world.deals.get(dealOf(order) ?? dealId('none'));
    // What belongs to a deal isn't counted by itself: so the deal must be counted.
    if (dealOf(order) !== undefined) expect(deal).toMatchObject({ status: 'won', deleted: false });
  }
};

type Happening = { readonly word: Told } | { readonly act: Act | 'create' };

const play = (happenings: readonly Happening[], created: Deal | undefined): OrderDealWorld => {
  const world = new OrderDealWorld();
  if (created !== undefined) world.act(created.id, () => created);
  for (const each of happenings) {
    if ('word' in each) world.hear(each.word);
    else if (each.act === 'reconsider') world.reconsider();
    else if (each.act === 'create') world.act(named, () => openDeal('autumn menu', 3_000));
    else {
      const { act } = each;
      world.act(named, (deal) => done(deal, act, world.now()));
    }
  }
  world.reconsider();
  return world;
};

const runs = 400;

describe('a sale that is a deal and an order', () => {
  test.prop(
    [
      words('1001', true).chain((all) => fc.shuffledSubarray([...all, ...all], { minLength: 1 })),
      acts,
      fc.array(fc.boolean(), { maxLength: 30 }),
      fc.boolean(),
    ],
    { numRuns: runs },
  )('is counted once to the cent, whatever comes first, again or between', (told_, people, picks, early) => {
    const ofPeople: Happening[] = [
      ...(early ? [] : [{ act: 'create' } as const]),
      ...people.map((act) => ({ act })),
    ];
    const happenings = interleaved<Happening>(
      told_.map((word) => ({ word })),
      ofPeople,
      picks,
    );
    const world = play(happenings, early ? openDeal('autumn menu', 3_000) : undefined);
    assertOnce(world);
    const [order] = world.orders.values();
    const deal = world.deals.get(named);
    // Said once more without the order's own word for it: one of two sales, never both.
    if (order !== undefined && isSold(order) && deal?.status === 'won' && !deal.deleted) {
      const { amount: won } = deal.amount;
      expect(world.wonRevenue()).toBe(won - Math.min(won, back(order)));
    }
  });

  test.prop(
    [
      fc
        .tuple(words('1', true), words('2', true), words('3', false))
        .chain((all) => fc.shuffledSubarray(all.flat())),
      acts,
      fc.array(fc.boolean(), { maxLength: 30 }),
    ],
    { numRuns: runs },
  )('is counted once among several orders of the account and its deal', (told_, people, picks) => {
    const happenings = interleaved<Happening>(
      told_.map((word) => ({ word })),
      people.map((act) => ({ act })),
      picks,
    );
    assertOnce(play(happenings, openDeal('autumn menu', 3_000)));
  });

  test.prop(
    [
      words('1001', true).chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
      ),
    ],
    { numRuns: runs },
  )('comes to the same, deal and all, in every order of arrival', ([inOrder, shuffled]) => {
    const results = [inOrder, shuffled].map((all) => {
      const world = play(
        all.map((word) => ({ word })),
        openDeal('autumn menu', 3_000),
      );
      const deal = world.deals.get(named);
      return {
        revenue: world.wonRevenue(),
        status: deal?.status,
        amount: deal?.status === 'won' ? deal.amount : undefined,
        closedAt: deal?.closedAt,
        adjustments:
          deal?.status === 'won' ? deal.adjustments.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : [],
        dealId: [...world.orders.values()].map(dealOf),
      };
    });
    expect(results[1]).toEqual(results[0]);
  });
});
