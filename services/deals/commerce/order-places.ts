import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { isSame } from '../domain/patch.ts';
import { type OrderRecord } from '../domain/commerce/order.ts';
import type { DealId } from '../../../shared/ids/id.ts';
import { dealEntity } from '../store/entities.ts';
import { orderEntity, orderSortKey } from './entities.ts';

/** An order is in more lists than the two indexes have room for: items beside it stand in for it there. */
export const ORDER_PLACE = 'order-place';

export const ordersOfOwner = (memberId: string): string => `order#owner#${memberId}`;
export const ordersOfAccount = (accountId: string): string => `order#account#${accountId}`;
export const ordersOfCustomer = (customerId: string): string => `order#customer#${customerId}`;
/** The same as `dealOrders`, by the index. */
export const ordersOfDeal = (dealId: string): string => `order#deal#${dealId}`;
/**
 * Orders that belong to the deal, or are linked with it and wait for it; there need not be such a deal yet. They lie beside
 * the deal, so that whoever asks misses none that was written a moment ago.
 */
export const dealOrders = (dealId: DealId): { readonly pk: string; readonly skPrefix: string } => ({
  pk: dealEntity.key(dealId).pk,
  skPrefix: 'order#',
});

/** Who owns the order: the first whom it counts for. */
export const ownerOf = ({ attribution }: Pick<OrderRecord, 'attribution'>) =>
  attribution?.credits[0]?.memberId;

/** The stand-ins of an order; none for one that is known by a refund or a deletion alone. */
const placesOf = (order: OrderRecord): readonly (Item & Key)[] => {
  const sk = orderSortKey(order);
  if (sk === '') return [];
  const owner = ownerOf(order);
  const { accountId, customerId, deal } = order;
  const beside = deal?.id === undefined ? undefined : dealOrders(deal.id);
  const place = (name: string, gsi1pk: string | undefined, gsi2pk: string | undefined): Item & Key => ({
    pk: orderEntity.key(order.id).pk,
    sk: `place#${name}`,
    type: ORDER_PLACE,
    orderId: order.id,
    ...(gsi1pk !== undefined && { gsi1pk, gsi1sk: sk }),
    ...(gsi2pk !== undefined && { gsi2pk, gsi2sk: sk }),
  });
  return [
    place('owner-account', owner && ordersOfOwner(owner), accountId && ordersOfAccount(accountId)),
    place('customer', customerId && ordersOfCustomer(customerId), undefined),
    ...(beside === undefined
      ? []
      : [
          {
            pk: beside.pk,
            sk: `${beside.skPrefix}${sk}`,
            type: ORDER_PLACE,
            orderId: order.id,
            gsi2pk: ordersOfDeal(deal?.id ?? ''),
            gsi2sk: sk,
          },
        ]),
  ];
};

/** What keeps the order in its lists; to be written with it. */
export const placeWrites = (after: OrderRecord, before: OrderRecord | undefined): TransactItem[] => {
  const known = before?.placed !== true ? [] : placesOf(before);
  const places = placesOf(after);
  const gone = known.filter((each) => !places.some(({ pk, sk }) => pk === each.pk && sk === each.sk));
  return [
    ...places.filter((place) => !known.some((each) => isSame(each, place))).map((put) => ({ put })),
    ...gone.map(({ pk, sk }) => ({ remove: { pk, sk } })),
  ];
};
