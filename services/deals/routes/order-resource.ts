import * as z from 'zod';
import { assertVisible, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { OrderState } from '../../../shared/events/deals.ts';
import { AccountId, type OrderId } from '../../../shared/ids/id.ts';
import { type OrderRecord, orderState } from '../domain/commerce/order.ts';
import { OrderCustomer } from '../domain/commerce/order-message.ts';
import type { Visibility } from '../viewer.ts';
import { notesOfOrder, OrderNotes } from './order-notes.ts';

/** An order as the interface shows it: with who ordered, which its events don't tell. */
export const Order = OrderState.extend({
  ...OrderNotes,
  accountId: AccountId.optional().describe('The customer’s account.'),
  customer: OrderCustomer.optional().describe('Personal: as the store told it, until it is erased.'),
  version: z.int(),
}).meta({ id: 'Order' });

/** An order is whose it counts for; one of a store without an owner concerns the whole organization. */
export const orderOwnership = ({ attribution }: OrderRecord): Ownership => {
  const [credit] = attribution?.credits ?? [];
  return { ownerId: credit?.memberId, teamId: credit?.teamPath[0] };
};

/** None for one that is known by a refund or a deletion alone. */
export const shownOrder = ({ version, ...record }: Stored<OrderRecord>): z.output<typeof Order>[] => {
  const state = orderState(record);
  if (state === undefined) return [];
  const { accountId, snapshot } = record;
  return [
    {
      ...state,
      ...notesOfOrder(state),
      ...(accountId !== undefined && { accountId }),
      ...(snapshot?.customer !== undefined && { customer: snapshot.customer }),
      version,
    },
  ];
};

/** @throws NotFound for one that there is not, or that the caller may not see */
export const getVisibleOrder = async (
  id: OrderId,
  { orders, visibility }: { readonly orders: Repository<OrderRecord>; readonly visibility: Visibility },
): Promise<{ readonly order: Stored<OrderRecord>; readonly shown: z.output<typeof Order> }> => {
  const order = await orders.get(id);
  assertVisible(await visibility.viewer(), orderOwnership(order), `order ${id}`);
  const [shown] = shownOrder(order);
  if (shown === undefined) throw new NotFound(`order ${id}`);
  return { order, shown };
};
