import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { CustomerId, derivedId, JobId } from '../../../shared/ids/id.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import { type Job, newJob } from '../../../shared/jobs/job.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { orderEntity, storeEntity } from './entities.ts';
import { ordersOfCustomer } from './order-places.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { Orders } from './orders.ts';

const CUSTOMER_ORDERS = 'customer-orders';
const PAGE = 25;

const Input = z.object({ customerId: CustomerId });
const Position = z.object({ after: z.record(z.string(), z.unknown()).optional() });

/** What a customer’s orders are to be level with: their state at this version. */
export const customerOrdersJob = (customerId: CustomerId, version: number, clock: Clock): Job =>
  newJob(
    {
      id: derivedId(JobId, CUSTOMER_ORDERS, customerId, String(version)),
      kind: CUSTOMER_ORDERS,
      input: { customerId },
    },
    clock,
  );

/** Brings a customer's orders level with the customer: another account, or nobody's name any more. */
export const customerOrders = ({
  table,
  directory,
}: {
  readonly table: Table;
  readonly directory: Directory;
}): JobHandler => ({
  kind: CUSTOMER_ORDERS,
  page: async (job, { cause }) => {
    const { customerId } = Input.parse(job.input);
    const { after } = Position.parse(job.position ?? {});
    const stores = new Repository(table, storeEntity, cause);
    const orders = new Orders({ table, directory, cause });
    const { items, lastKey } = await table.query({
      index: 'gsi1',
      pk: ordersOfCustomer(customerId),
      limit: PAGE,
      after,
    });
    const found = await table.batchGet(items.map(({ orderId }) => orderEntity.key(String(orderId))));
    let changed = 0;
    for (const { id, storeId } of found.map((item) => storedFrom<OrderRecord>(item)))
      changed += (await orders.reconsider(await stores.get(storeId), id)) ? 1 : 0;
    return {
      ...(lastKey !== undefined && { position: { after: lastKey } }),
      counts: { orders: changed },
    };
  },
});
