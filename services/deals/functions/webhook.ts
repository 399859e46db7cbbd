import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { parseConfig } from '../../../shared/config/config.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { createMetrics } from '../../../shared/observability/metrics.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import { deliveryEntity } from '../commerce/entities.ts';
import { StoreDays } from '../commerce/store-days.ts';
import { StoreSecrets } from '../commerce/store-secrets.ts';
import { receiveWebhook } from '../routes/webhooks.ts';
import { dealsTable } from '../store.ts';

const config = parseConfig(z.object({ SECRET_PREFIX: z.string().min(1) }), process.env);
const table = dealsTable(process.env);
const secrets = new StoreSecrets({
  client: new SecretsManagerClient(),
  prefix: config.SECRET_PREFIX,
  clock: systemClock,
});
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
