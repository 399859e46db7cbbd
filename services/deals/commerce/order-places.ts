import type { Item } from '../../../shared/dynamodb/item.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { isSame } from '../domain/patch.ts';
import { type OrderRecord } from '../domain/commerce/order.ts';
import { orderEntity, orderSortKey } from './entities.ts';

/** An order is in more lists than the two indexes have room for: items beside it stand in for it there. */
export const ORDER_PLACE = 'order-place';

export const ordersOfOwner = (memberId: string): string => `order#owner#${memberId}`;
export const ordersOfAccount = (accountId: string): string => `order#account#${accountId}`;
export const ordersOfCustomer = (customerId: string): string => `order#customer#${customerId}`;
/** Orders that belong to the deal, or are linked with it and wait for it; there need not be such a deal yet. */
export const ordersOfDeal = (dealId: string): string => `order#deal#${dealId}`;

/** Who owns the order: the first whom it counts for. */
export const ownerOf = ({ attribution }: Pick<OrderRecord, 'attribution'>) =>
  attribution?.credits[0]?.memberId;

/** The stand-ins of an order; none for one that is known by a refund or a deletion alone. */
const placesOf = (order: OrderRecord): readonly Item[] => {
  const sk = orderSortKey(order);
  if (sk === '') return [];
  const owner = ownerOf(order);
  const { accountId, customerId, deal } = order;
  const place = (name: string, gsi1pk: string | undefined, gsi2pk: string | undefined): Item => ({
    pk: orderEntity.key(order.id).pk,
    sk: `place#${name}`,
    type: ORDER_PLACE,
    orderId: order.id,
    ...(gsi1pk !== undefined && { gsi1pk, gsi1sk: sk }),
    ...(gsi2pk !== undefined && { gsi2pk, gsi2sk: sk }),
  });
  return [
    place('owner-account', owner && ordersOfOwner(owner), accountId && ordersOfAccount(accountId)),
    place('customer-deal', customerId && ordersOfCustomer(customerId), deal?.id && ordersOfDeal(deal.id)),
  ];
};

/** What keeps the order in its lists; to be written with it. Each is a whole item, so that writing it again is harmless. */
export const placeWrites = (after: OrderRecord, before: OrderRecord | undefined): TransactItem[] => {
  const known = before?.placed !== true ? [] : placesOf(before);
  return placesOf(after)
    .filter((place) => !known.some((each) => isSame(each, place)))
    .map((put) => ({ put }));
};
