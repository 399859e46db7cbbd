import { expect, it } from 'vitest';
import { platforms } from '../../../../services/deals/domain/commerce/platforms.ts';
import { UnreadableDelivery } from '../../../../services/deals/domain/commerce/order-message.ts';
import { valuationOf } from '../../../../services/deals/domain/commerce/order-value.ts';
import { orderState } from '../../../../services/deals/domain/commerce/order.ts';
import { FrozenRate, OrderState } from '../../../../shared/events/deals.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { OrderDealWorld, openDeal, told } from './order-deal-world.ts';

it('wins no deal that has no amount yet, if it costs nothing', () => {
  const world = new OrderDealWorld();
  const deal = openDeal('young', 0);
  world.act(deal.id, () => deal);
  const sample = told('S-1', { at: 2, net: 0, paidAt: 2 });
  world.hear(sample);
  expect(world.deals.get(deal.id)).toMatchObject({ status: 'open' });
});

const delivered = (order: object) =>
  platforms.custom.read({
    topic: 'order.changed',
    triggeredAt: Instant.parse('2026-11-23T10:00:00Z'),
    body: JSON.stringify({
      type: 'order.changed',
      order: {
        id: 'A-1',
        currency: 'USD',
        placedAt: '2026-11-23T09:30:00Z',
        updatedAt: '2026-11-23T09:31:00Z',
        paidAt: '2026-11-23T09:31:00Z',
        lines: [],
        ...order,
      },
    }),
  });

it.each([
  ['its lines', { lines: [{ title: 'Gold', quantity: 1, unitPrice: 9_000_000_000_000_000 }] }],
  ['its total', { total: 9_000_000_000_000_000 }],
  ['a refund', { refunds: [{ id: 'R', total: 9_000_000_000_000_000 }] }],
])('is unreadable where %s come to more than can be added up', (_what, order) => {
  expect(() => delivered(order)).toThrow(UnreadableDelivery);
});

it('waits without worth where that can not be added up in the reporting currency', () => {
  const world = new OrderDealWorld();
  const word = told('L-1', {
    at: 2,
    net: 100_000_000_000_000,
    paidAt: 2,
    refunds: [{ id: 'r', amount: 1, at: 3 }],
  });
  world.hear(word);
  const record = world.orders.get('L-1');
  if (record === undefined) throw new Error('no order');
  expect(
    valuationOf(record, FrozenRate.parse({ currency: 'VND', rate: '25400', day: '2026-11-20' })),
  ).toBeUndefined();
});

it.each(['constructor', '__proto__', 'toString'])('has lines of any SKU, %s too', (sku) => {
  const world = new OrderDealWorld();
  const word = told('P-1', { at: 2, net: 500, paidAt: 2 });
  const { snapshot } = word;
  const money = snapshot.net;
  world.hear({
    ...word,
    snapshot: {
      ...snapshot,
      lines: [
        {
          externalId: '1',
          title: 'Odd',
          sku,
          quantity: 1,
          unitPrice: money,
          discount: { ...money, amount: 0 },
          net: money,
        },
      ],
    },
  });
  const record = world.orders.get('P-1');
  if (record === undefined) throw new Error('no order');
  expect(OrderState.safeParse(orderState(record)).success).toBe(true);
});
