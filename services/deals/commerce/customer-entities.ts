import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { CustomerId, DealId, StoreId } from '../../../shared/ids/id.ts';
import { Buyer, type BuyerId, firstOf } from '../domain/commerce/buyer.ts';
import { Customer, type Purchase } from '../domain/commerce/customer.ts';

export const customersOfStore = (storeId: StoreId): string => `customer#store#${storeId}`;
export const customersOfAccount = (accountId: string): string => `customer#account#${accountId}`;
/** Those of the store whom no account is known for. */
export const unmatchedCustomers = (storeId: StoreId): string => `customer#unmatched#${storeId}`;

/** By when they were first heard of. */
export const customerSortKey = ({ createdAt, id }: Customer): string => `${createdAt}#${id}`;

export const customerEntity = defineEntity<Customer>({
  type: 'customer',
  schema: Customer,
  key: (id) => ({ pk: `customer#${id}`, sk: 'state' }),
  indexes: (customer) => {
    const sk = customerSortKey(customer);
    const { accountId, storeId } = customer;
    return {
      gsi1pk: customersOfStore(storeId),
      gsi1sk: sk,
      gsi2pk: accountId === undefined ? unmatchedCustomers(storeId) : customersOfAccount(accountId),
      gsi2sk: sk,
    };
  },
});

export const PURCHASE = 'purchase';
export const purchasePrefix = `${PURCHASE}#`;

/** Beside the customer, so that the first and the last one are one consistent query away. */
export const purchaseKey = (customerId: CustomerId, { at, orderId }: Purchase): Key => ({
  pk: customerEntity.key(customerId).pk,
  sk: `${purchasePrefix}${at}#${orderId}`,
});

export const purchaseItem = (customerId: CustomerId, { at, orderId }: Purchase): Item => ({
  ...purchaseKey(customerId, { at, orderId }),
  type: PURCHASE,
  orderId,
  at,
});

/** The buyer as its event tells it. */
export const buyerState = (buyer: Buyer): object => {
  const first = firstOf(buyer);
  const isAccount = buyer.id.startsWith('acct_');
  const customerId = first?.orderId === undefined ? undefined : first.source;
  return {
    id: buyer.id,
    ...(isAccount ? { accountId: buyer.id } : { customerId: buyer.id }),
    ...(isAccount && customerId !== undefined && { customerId }),
    ...(first && { at: first.at }),
    ...(first?.orderId !== undefined && { orderId: first.orderId }),
    ...(first?.dealId !== undefined && { dealId: first.dealId }),
  };
};

export const buyerEntity = defineEntity<Buyer>({
  type: 'buyer',
  schema: Buyer,
  key: (id) => ({ pk: `buyer#${id}`, sk: 'state' }),
  project: buyerState,
});

export const DEAL_BUYER = 'deal-buyer';

/** Whose first purchase the won deal was looked at for: where it is to be taken from when it goes elsewhere. */
export const dealBuyerKey = (dealId: DealId): Key => ({ pk: `deal#${dealId}`, sk: 'buyer' });

export const dealBuyerItem = (dealId: DealId, buyerId: BuyerId): Item => ({
  ...dealBuyerKey(dealId),
  type: DEAL_BUYER,
  buyerId,
});
