import { describe, expect, it } from 'vitest';
import { customExample } from '../../../../services/deals/domain/commerce/custom-delivery.ts';
import { folded, reads, snapshotIn } from './webhooks.fixture.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const { order } = customExample;
const changed = (more: object) =>
  reads('custom', 'order.changed', { type: 'order.changed', order: { ...order, ...more } });

describe('an order in our own JSON', () => {
  it('is what its example says', () => {
    expect(snapshotIn(reads('custom', 'order.changed', customExample))).toMatchObject({
      externalId: 'W-2041',
      number: '2041',
      gross: eur(7_400),
      discounts: eur(400),
      net: eur(7_000),
      tax: eur(490),
      shipping: eur(1_250),
      total: eur(8_740),
      paidAt: '2026-11-23T09:31:10.000Z',
      customer: { externalId: 'C-77', email: 'buyer@trattoria.example' },
      customerExternalId: 'C-77',
      dealRef: { externalId: 'CRM-1180' },
      accountRef: 'A-31',
      lines: [{ externalId: '1', sku: 'PEN-500', net: eur(7_000) }],
    });
  });

  it('keeps ids that no number holds', () => {
    const text = JSON.stringify({ type: 'order.deleted', orderId: 0 }).replace(':0', ':9007199254740993');
    expect(reads('custom', 'order.deleted', text)).toEqual({
      kind: 'deletion',
      orderExternalId: '9007199254740993',
    });
  });

  it('has its refunds with the order or by themselves, each once', () => {
    const refund = { id: 'R-1', at: '2026-11-24T09:00:00Z', total: 874 };
    const alone = reads('custom', 'order.refunded', {
      type: 'order.refunded',
      orderId: 'W-2041',
      currency: 'EUR',
      refund,
    });
    for (const messages of [
      [alone, changed({ refunds: [refund] })],
      [changed({}), alone, alone],
    ]) {
      expect(folded('custom', messages)[0]?.refunds).toMatchObject([
        { externalId: 'R-1', total: eur(874), net: eur(700), at: '2026-11-24T09:00:00.000Z' },
      ]);
    }
  });

  it.each([
    ['a field that there is not', { paidat: '2026-11-23T09:31:10Z' }, '/order/paidat is not a known field'],
    ['a fraction of a cent', { tax: 4.9 }, '/order/tax'],
    ['an amount below zero', { shipping: -1 }, '/order/shipping'],
    ['no time of its state', { updatedAt: undefined }, '/order/updatedAt is required'],
    [
      'amounts beyond what is exact',
      { lines: [{ title: 'x', quantity: 3, unitPrice: 9_007_199_254_740_991 }] },
      'exactly',
    ],
  ])('with %s is unreadable, and says so', (_, more, message) => {
    expect(() => changed(more)).toThrow(message);
  });

  it('is news of something else under another type, and not ours without one', () => {
    expect(reads('custom', 'customer.created', { type: 'customer.created' }).kind).toBe('irrelevant');
    expect(() => reads('custom', '', { event: {} })).toThrow('/type');
  });

  it('of thousands of lines fits an item, with all that the lines had', () => {
    const lines = Array.from({ length: 4_000 }, (_, at) => ({
      title: `Article ${String(at)} `.padEnd(120, 'x'),
      quantity: 2,
      unitPrice: 100,
    }));
    const snapshot = snapshotIn(changed({ lines }));
    expect(JSON.stringify(snapshot.lines).length).toBeLessThan(200_000);
    const sum = (pick: (line: (typeof snapshot.lines)[number]) => number) =>
      snapshot.lines.reduce((all, line) => all + pick(line), 0);
    expect(snapshot.net).toEqual(eur(800_000));
    expect(sum((line) => line.net.amount)).toBe(800_000);
    expect(sum((line) => line.quantity)).toBe(8_000);
    expect(snapshot.lines.at(-1)?.title).toMatch(/^\d+ other lines$/);
  });
});
