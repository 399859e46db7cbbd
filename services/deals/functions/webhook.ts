import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { baseConfig, parseConfig } from '../../../shared/config/config.ts';
import { documentClient } from '../../../shared/dynamodb/document-client.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { Table } from '../../../shared/dynamodb/table.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { deliveryEntity } from '../commerce/entities.ts';
import { StoreSecrets } from '../commerce/store-secrets.ts';
import { receiveWebhook } from '../routes/webhooks.ts';

const config = parseConfig(baseConfig.extend({ SECRET_PREFIX: z.string().min(1) }), process.env);
const table = new Table({
  client: documentClient(),
  name: config.TABLE_NAME,
  epoch: config.EPOCH,
  clock: systemClock,
});
const secrets = new StoreSecrets({
  client: new SecretsManagerClient(),
  prefix: config.SECRET_PREFIX,
  clock: systemClock,
});

export const handler = apiHandler({
  service: 'deals',
  routes: [receiveWebhook],
  deps: ({ cause, clock }) => ({ deliveries: new Repository(table, deliveryEntity, cause), secrets, clock }),
});
