import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { withShares } from '../../../../services/deals/domain/commerce/refund-shares.ts';
import type { SnapshotRefund } from '../../../../services/deals/domain/commerce/order-message.ts';
import { Currency } from '../../../../shared/money/money.ts';

const currency = Currency.parse('USD');
const money = (amount: number) => ({ amount, currency });
const order = { net: money(10_000), total: money(12_500) };
const refund = (externalId: string, total: number): SnapshotRefund => ({
  externalId,
  net: money(total),
  total: money(total),
  netIsShare: true,
});
const nets = (refunds: readonly SnapshotRefund[]) => refunds.map(({ net }) => net.amount);

describe('refunds of which only the whole is told', () => {
  it('take away the goods’ part of what was paid', () => {
    expect(nets(withShares([refund('a', 1_250)], order))).toEqual([1_000]);
  });

  it('take away all that the order brought in when all of it is given back', () => {
    expect(nets(withShares([refund('a', 12_500)], order))).toEqual([10_000]);
  });

  it('stay whole until the order is known', () => {
    expect(nets(withShares([refund('a', 1_250)], undefined))).toEqual([1_250]);
  });

  it('leave those alone whose net was told', () => {
    const { netIsShare: _, ...told } = refund('b', 500);
    expect(nets(withShares([told, refund('a', 12_500)], order))).toEqual([500, 10_000]);
  });

  test.prop([fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 12 })])(
    'never take away more than the order brought in, and all of it with the last cent',
    (totals) => {
      const back = totals.reduce((sum, total) => sum + total, 0);
      const sum = nets(
        withShares(
          totals.map((total, index) => refund(`r${String(index)}`, total)),
          order,
        ),
      ).reduce((all, net) => all + net, 0);
      if (back >= order.total.amount) expect(sum).toBe(order.net.amount);
      else expect(sum).toBeLessThanOrEqual(order.net.amount);
    },
  );
});
