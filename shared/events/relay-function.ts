import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { baseConfig, parseConfig } from '../config/config.ts';
import { s3Client } from '../config/s3-client.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics } from '../observability/metrics.ts';
import { systemClock } from '../time/instant.ts';
import { parkedRecords } from './parked-records.ts';
import { publisher } from './publisher.ts';
import { relayHandler, type RelayOptions } from './relay.ts';

const relayConfig = baseConfig.extend({ EVENT_BUS_NAME: z.string().min(1), BUCKET_NAME: z.string().min(1) });

/** A service's whole relay function, from its environment. @throws ConfigInvalid */
export const relay = (
  options: RelayOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
) => {
  const config = parseConfig(relayConfig, env);
  return relayHandler(options, {
    publisher: publisher(config.EVENT_BUS_NAME, new EventBridgeClient({ maxAttempts: 3 })),
    parked: parkedRecords(s3Client(config), config.BUCKET_NAME, config.SERVICE),
    clock: systemClock,
    logger: createLogger(),
    metrics: createMetrics(),
  });
};
