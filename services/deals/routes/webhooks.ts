import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { AlreadyExists, BadRequest, NotFound, Unauthorized } from '../../../shared/errors/errors.ts';
import { DeliveryReceived } from '../../../shared/events/deals.ts';
import { DeliveryId, derivedId, StoreId } from '../../../shared/ids/id.ts';
import { route } from '../../../shared/http/route.ts';
import { type Clock, Instant } from '../../../shared/time/instant.ts';
import type { DeliveryRecord } from '../commerce/entities.ts';
import type { StoreSecrets } from '../commerce/store-secrets.ts';
import { verifyHmacSha256 } from '../domain/commerce/signature.ts';

export interface WebhookDeps {
  readonly deliveries: Pick<Repository<DeliveryRecord>, 'create'>;
  readonly secrets: Pick<StoreSecrets, 'find'>;
  readonly clock: Clock;
  readonly count: (name: 'WebhookRejected' | 'WebhookDuplicates') => void;
}

const Received = z.object({ status: z.enum(['received', 'duplicate']), deliveryId: DeliveryId });

export const receiveWebhook = route({
  method: 'POST',
  path: '/v1/webhooks/{storeId}',
  scope: null,
  summary: 'Receive a store’s signed webhook',
  description:
    'For e-commerce platforms. The signature is checked over the raw body; the delivery is stored and processed afterwards.',
  params: z.object({ storeId: StoreId }),
  raw: true,
  response: Received,
  async handle(
    { params: { storeId }, rawBody, headers },
    { deliveries, secrets, clock, count }: WebhookDeps,
  ) {
    const store = await secrets.find(storeId);
    if (store === undefined) {
      count('WebhookRejected');
      throw new NotFound(`store ${storeId}`);
    }
    if (!verifyHmacSha256(rawBody, headers['x-shopify-hmac-sha256'], store.secrets)) {
      count('WebhookRejected');
      throw new Unauthorized(
        'X-Shopify-Hmac-SHA256 is missing, or is not the HMAC-SHA256 of this body under a secret of this store.',
      );
    }
    if (rawBody.length === 0) throw new BadRequest('The body is empty; a webhook carries a JSON document.');
    const topic = headers['x-shopify-topic'] ?? '';
    const receivedAt = clock.now();
    const triggeredAt = Instant.safeParse(headers['x-shopify-triggered-at']);
    // Without an id of its own, a delivery is recognised by what it says.
    const identity =
      headers['x-shopify-webhook-id'] ??
      createHash('sha256').update(`${topic}\n`).update(rawBody).digest('hex');
    const id = derivedId(DeliveryId, storeId, identity);
    try {
      await deliveries.create(
        {
          id,
          storeId,
          platform: store.platform,
          topic,
          triggeredAt: triggeredAt.success ? triggeredAt.data : receivedAt,
          receivedAt,
          body: gzipSync(rawBody),
          status: 'received',
        },
        DeliveryReceived,
      );
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      count('WebhookDuplicates');
      return { status: 'duplicate' as const, deliveryId: id };
    }
    return { status: 'received' as const, deliveryId: id };
  },
});
