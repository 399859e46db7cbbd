import * as z from 'zod';
import { maySee, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, CustomerId, DealId, MemberId, OrderId, StoreId, TeamId } from '../../../shared/ids/id.ts';
import { type Clock, Day } from '../../../shared/time/instant.ts';
import { addDays, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import { type StoreRecord, STORES } from '../commerce/entities.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { matchesOrder, OrderStatus } from '../domain/commerce/order-filter.ts';
import { orderPage, type OrdersOf } from '../store/order-list.ts';
import type { Visibility } from '../viewer.ts';
import { getVisibleOrder, Order, orderOwnership, shownOrder } from './order-resource.ts';

export interface OrderDeps {
  readonly table: Table;
  readonly orders: Repository<OrderRecord>;
  readonly stores: Repository<StoreRecord>;
  readonly directory: Directory;
  readonly visibility: Visibility;
  readonly clock: Clock;
}

const OrderListQuery = pageQuery.extend({
  storeId: StoreId.optional().describe('Only this store’s.'),
  accountId: AccountId.optional().describe('Of customers who belong to the account.'),
  customerId: CustomerId.optional(),
  dealId: DealId.optional().describe('Those that belong to the deal, and those that name it and don’t.'),
  ownerId: MemberId.optional().describe('Those that count for the member.'),
  teamId: TeamId.optional().describe('Those that count for members of the team, or of one below it, today.'),
  status: OrderStatus.optional(),
  number: z.string().min(1).max(100).optional().describe('Text in the order’s number, in any case.'),
  placedFrom: Day.optional().describe('Placed on this day or later.'),
  placedTo: Day.optional().describe('Placed on this day or earlier.'),
  view: z
    .enum(['withoutDeal'])
    .optional()
    .describe('`withoutDeal`: ordered and paid, and no deal that it belongs to.'),
});
type OrderListQuery = z.output<typeof OrderListQuery>;

/** The members whose orders are asked for: one, those of a team, or one of a team. */
const ownersOf = async (
  { ownerId, teamId }: OrderListQuery,
  { directory, clock }: OrderDeps,
): Promise<string[]> => {
  const snapshot = await directory.snapshot();
  const today = dayOf(clock.now(), snapshot.organization.timeZone);
  const teams = teamId && new Set(snapshot.subtree(teamId));
  return snapshot
    .members()
    .filter((member) => {
      const team = snapshot.teamOf(member, today);
      return (
        (ownerId === undefined || member.id === ownerId) &&
        (teams === undefined || (team !== undefined && teams.has(team)))
      );
    })
    .map(({ id }) => id);
};

/** The narrowest list that holds all that is asked for; the rest of the filter is looked at order by order. */
const listOf = async (query: OrderListQuery, deps: OrderDeps): Promise<OrdersOf> => {
  if (query.dealId !== undefined) return { kind: 'deal', ids: [query.dealId] };
  if (query.customerId !== undefined) return { kind: 'customer', ids: [query.customerId] };
  if (query.accountId !== undefined) return { kind: 'account', ids: [query.accountId] };
  if (query.ownerId !== undefined || query.teamId !== undefined)
    return { kind: 'owners', ids: await ownersOf(query, deps) };
  if (query.storeId !== undefined) return { kind: 'stores', ids: [query.storeId] };
  const { items } = await deps.stores.queryIndex('gsi1', STORES);
  return { kind: 'stores', ids: items.map(({ id }) => id) };
};

const listOrders = route({
  method: 'GET',
  path: '/v1/orders',
  scope: 'sales/deals.read',
  summary: 'List the orders of all stores, the latest first',
  description:
    'Those the caller may see. Days are the organization’s; both ends of a range count. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: OrderListQuery,
  response: page(Order),
  async handle({ query }, deps: OrderDeps) {
    const { table, visibility, directory } = deps;
    const { limit, cursor: _cursor, ...filter } = query;
    const binding = { list: 'orders', ...filter };
    const after = positionOf(query, binding)?.after;
    const [viewer, { timeZone }] = await Promise.all([visibility.viewer(), directory.organization()]);
    const owners =
      query.ownerId === undefined && query.teamId === undefined
        ? undefined
        : new Set<string | undefined>(await ownersOf(query, deps));
    const { placedFrom, placedTo } = query;
    const found = await orderPage(table, {
      of: await listOf(query, deps),
      limit,
      from: placedFrom && startOfDay(placedFrom, timeZone),
      before: placedTo && startOfDay(addDays(placedTo, 1), timeZone),
      after: after === undefined ? undefined : String(after),
      isWanted: (order) => {
        const ownership: Ownership = orderOwnership(order);
        return (
          maySee(viewer, ownership) &&
          (owners === undefined || owners.has(ownership.ownerId)) &&
          matchesOrder(order, query)
        );
      },
    });
    const next = found.after === undefined ? undefined : { after: found.after };
    return pageOf(found.items.flatMap(shownOrder), next, binding);
  },
});

const getOrder = route({
  method: 'GET',
  path: '/v1/orders/{id}',
  scope: 'sales/deals.read',
  summary: 'Get an order',
  params: z.object({ id: OrderId }),
  response: Order,
  handle: async ({ params }, deps: OrderDeps) => (await getVisibleOrder(params.id, deps)).shown,
});

export const orderRoutes = [listOrders, getOrder] as const;
