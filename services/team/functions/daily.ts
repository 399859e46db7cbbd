import { randomUUID } from 'node:crypto';
import { createLogger } from '../../../shared/observability/logger.ts';
import { createMetrics } from '../../../shared/observability/metrics.ts';
import { teamTable } from '../store.ts';
import { beginDay } from '../store/days.ts';

const table = teamTable(process.env);
const logger = createLogger();
const metrics = createMetrics();

/** Called every hour, for nobody knows before when a day begins where the organization is. */
export const handler = async (): Promise<void> => {
  try {
    const day = await beginDay(table, { correlationId: randomUUID(), actor: 'system' });
    if (day !== undefined) logger.info('A day began', { day });
  } finally {
    // Nothing is counted here but cold starts.
    metrics.flush();
  }
};
