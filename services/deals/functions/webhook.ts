import { Repository } from '../../../shared/dynamodb/repository.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { createMetrics } from '../../../shared/observability/metrics.ts';
import { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import { deliveryEntity } from '../commerce/entities.ts';
import { StoreDays } from '../commerce/store-days.ts';
import { StoreSecrets } from '../commerce/store-secrets.ts';
import { receiveWebhook } from '../routes/webhooks.ts';
import { dealsTable } from '../store.ts';

const table = dealsTable(process.env);
const secrets = StoreSecrets.of(process.env);
const bodies = DeliveryBodies.of(process.env);
const days = new StoreDays(table);
const metrics = createMetrics();

export const handler = apiHandler({
  service: 'deals',
  routes: [receiveWebhook],
  metrics,
  deps: ({ cause, clock }) => ({
    deliveries: new Repository(table, deliveryEntity, cause),
    bodies,
    secrets,
    days,
    clock,
    count: (name) => metrics.count(name),
  }),
});
