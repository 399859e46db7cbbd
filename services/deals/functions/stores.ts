import { randomUUID } from 'node:crypto';
import { createLogger } from '../../../shared/observability/logger.ts';
import { createMetrics } from '../../../shared/observability/metrics.ts';
import { watchStores } from '../commerce/watch-stores.ts';
import { dealsTable } from '../store.ts';

const table = dealsTable(process.env);
const logger = createLogger();
const metrics = createMetrics();

/** Called every hour: a store that sends nothing causes no event by which anyone would notice. */
export const handler = async (): Promise<void> => {
  try {
    const silent = await watchStores(table, { correlationId: randomUUID(), actor: 'system' });
    if (silent === 0) return;
    metrics.count('SilentStores', silent);
    logger.warn('Stores are silent', { silent });
  } finally {
    metrics.flush();
  }
};
