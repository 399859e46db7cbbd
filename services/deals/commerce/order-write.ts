import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { bookedOrder, orderDatesTouched } from '../domain/commerce/order-books.ts';
import { isLockable } from '../domain/locked-days.ts';
import { openBooks } from '../domain/rebooking.ts';
import { Books } from '../store/books.ts';

/**
 * The order, booked, to be written in place of `from`. What changes days that may be locked is written only if the books are
 * those it was booked by: `also` goes into the same transaction.
 */
export const orderWrite = async (
  from: OrderRecord | undefined,
  to: OrderRecord,
  {
    table,
    directory,
  }: {
    readonly table: Table;
    readonly directory: { organization(): Promise<OrganizationState> };
  },
): Promise<{ readonly order: OrderRecord; readonly also: readonly TransactItem[] }> => {
  const touched = orderDatesTouched(from, to);
  if (touched.length === 0) return { order: bookedOrder(from, to, openBooks), also: [] };
  const { timeZone } = await directory.organization();
  const now = table.clock.now();
  if (!touched.some((at) => isLockable(at, { now, timeZone })))
    return { order: bookedOrder(from, to, openBooks), also: [] };
  const { locked, check } = await new Books(table).of(to.id);
  return { order: bookedOrder(from, to, { locked, timeZone }), also: [check] };
};
