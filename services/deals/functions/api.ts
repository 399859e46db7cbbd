import * as z from 'zod';
import { admitPresent } from '../../../shared/auth/admission.ts';
import { parseConfig } from '../../../shared/config/config.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import type { ExportDeps } from '../../../shared/exports/routes.ts';
import type { ImportDeps } from '../../../shared/imports/routes.ts';
import { Imports } from '../../../shared/imports/storage.ts';
import { apiRoutes } from '../api.ts';
import { deliveryEntity, orderEntity, storeEntity } from '../commerce/entities.ts';
import { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import { StoreDays } from '../commerce/store-days.ts';
import { StoreSecrets } from '../commerce/store-secrets.ts';
import { type SellingDeps, sellingDeps } from '../selling-deps.ts';
import type { CustomerDeps } from '../routes/customers.ts';
import type { OrderDealDeps } from '../routes/order-deal.ts';
import { orderBooks } from '../commerce/order-books.ts';
import type { OrderDeps } from '../routes/orders.ts';
import type { StoreOperationDeps } from '../routes/store-operations.ts';
import type { StoreDeps } from '../routes/stores.ts';
import { dealsImports, dealsTable } from '../store.ts';

const config = parseConfig(
  z.object({
    /** The local run's own: its users' shops are on the same machine. */
    PLAIN_HTTP_STORES: z.literal('true').optional(),
  }),
  process.env,
);
const table = dealsTable(process.env);
const storage = dealsImports(process.env, table);
const directory = new Directory(table);
const bodies = DeliveryBodies.of(process.env);
const secrets = StoreSecrets.of(process.env);

export const handler = apiHandler<
  SellingDeps &
    ImportDeps &
    ExportDeps &
    StoreDeps &
    OrderDeps &
    OrderDealDeps &
    CustomerDeps &
    StoreOperationDeps
>({
  service: 'deals',
  routes: apiRoutes,
  admit: admitPresent(async (id) => directory.member(id)),
  deps: ({ cause, actor, clock }) => ({
    ...sellingDeps({ table, directory, cause, actor, clock }),
    imports: new Imports(storage, cause),
    exportStorage: storage,
    stores: new Repository(table, storeEntity, cause),
    orders: new Repository(table, orderEntity, cause),
    ...orderBooks({ table, directory, cause }),
    secrets,
    plainHttp: config.PLAIN_HTTP_STORES !== undefined,
    deliveries: new Repository(table, deliveryEntity, cause),
    bodies,
    storeDays: new StoreDays(table),
  }),
});
