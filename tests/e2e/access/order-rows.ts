import { admins, everyone, one, owners, type Row } from './row.ts';

const ofOrder = (step = '') => one(`/v1/orders/{id}${step}`, ({ orders }, target) => orders[target]);
const ofCustomer = one('/v1/customers/{id}', ({ customers }, target) => customers[target]);

/** Orders are whose they count for; customers whose account they belong to, and else whose store they bought in. */
export const orderRows: Readonly<Record<string, Row>> = {
  'GET /v1/orders': { rights: everyone },
  'GET /v1/orders/{id}': { rights: owners, path: ofOrder() },
  'POST /v1/orders/{id}/deal': { rights: owners, path: ofOrder('/deal'), body: () => ({ dealId: null }) },
  'POST /v1/imports/orders': {
    rights: admins,
    body: () => ({ csv: 'number,quantity,unitPrice,date\n', currency: 'USD' }),
  },
  'GET /v1/imports/orders/{id}': {
    rights: admins,
    path: one('/v1/imports/orders/{id}', ({ imports }) => imports.orders),
  },
  'GET /v1/deals-without-order': { rights: everyone },
  'GET /v1/customers': { rights: everyone },
  'GET /v1/customers/{id}': { rights: owners, path: ofCustomer },
  'PATCH /v1/customers/{id}': { rights: owners, path: ofCustomer, body: () => ({ accountId: null }) },
  'DELETE /v1/customers/{id}': { rights: admins, path: ofCustomer },
};
