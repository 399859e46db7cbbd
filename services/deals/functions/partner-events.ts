import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createLogger } from '../../../shared/observability/logger.ts';
import { createMetrics } from '../../../shared/observability/metrics.ts';
import { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import { keepPartnerEvent } from '../commerce/partner-events.ts';
import { dealsTable } from '../store.ts';

const table = dealsTable(process.env);
const bodies = DeliveryBodies.of(process.env);
const logger = createLogger();
const metrics = createMetrics();

/** Takes in events that are no contracts of ours; one that can't be read fails alone, and ends in the dead-letter queue. */
export const handler = async ({ Records }: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  try {
    for (const { messageId, body } of Records) {
      const correlationId = randomUUID();
      try {
        const outcome = await keepPartnerEvent(body, { table, bodies, cause: { correlationId } });
        logger.info('A partner’s event was taken in', { messageId, correlationId, outcome });
        if (outcome === 'duplicate') metrics.count('WebhookDuplicates');
        if (outcome === 'nobodys') metrics.count('WebhookRejected');
      } catch (error) {
        logger.error('A partner’s event could not be taken in', { messageId, correlationId, error });
        metrics.count('FailedMessages');
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  } finally {
    metrics.flush();
  }
};
