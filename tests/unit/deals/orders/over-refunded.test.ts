import { expect, it } from 'vitest';
import { OrderDealWorld, openDeal, told } from './order-deal-world.ts';

it('takes back no more than the order brought in, and says that more was refunded', () => {
  const world = new OrderDealWorld();
  const refunds = [
    { id: 'first', amount: 700, at: 5 },
    { id: 'second', amount: 700, at: 6 },
  ];
  const word = told('1001', { at: 2, net: 1_000, paidAt: 2, refunds });
  world.hear(word);
  expect(world.wonRevenue()).toBe(0);
  expect(world.state('1001')).toMatchObject({
    overRefunded: true,
    refunds: [{ reportingNet: { amount: 700 } }, { net: { amount: 700 }, reportingNet: { amount: 300 } }],
  });
});

it('counts a credit note as money given back and as no order', () => {
  const world = new OrderDealWorld();
  const word = told('C1001', { at: 2, net: 0, paidAt: 2, refunds: [{ id: 'all', amount: 700, at: 2 }] });
  world.hear({ ...word, snapshot: { ...word.snapshot, creditNote: true } });
  expect(world.wonRevenue()).toBe(-700);
  expect(world.count('ordersCount')).toBe(0);
});

it('is no sale of a deal that is the canary’s', () => {
  const world = new OrderDealWorld();
  const deal = openDeal('watch', 1_000, { source: 'canary' });
  world.act(deal.id, () => deal);
  const word = told('1001', { at: 2, net: 1_000, paidAt: 2 });
  world.hear(word);
  expect(world.deals.get(deal.id)).toMatchObject({ status: 'open' });
  expect(world.wonRevenue()).toBe(1_000);
});
