import * as z from 'zod';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { AlreadyExists, BadRequest, NotFound, Unauthorized } from '../../../shared/errors/errors.ts';
import { DeliveryReceived } from '../../../shared/events/deals.ts';
import { DeliveryId, derivedId, StoreId } from '../../../shared/ids/id.ts';
import { route } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import type { DeliveryRecord } from '../commerce/entities.ts';
import type { StoreDays } from '../commerce/store-days.ts';
import type { StoreSecrets } from '../commerce/store-secrets.ts';
import { CustomDelivery, customExample } from '../domain/commerce/custom-delivery.ts';
import { platforms } from '../domain/commerce/platforms.ts';

export interface WebhookDeps {
  readonly deliveries: Pick<Repository<DeliveryRecord>, 'create'>;
  readonly bodies: Pick<DeliveryBodies, 'keep'>;
  readonly secrets: Pick<StoreSecrets, 'find'>;
  readonly days: Pick<StoreDays, 'count'>;
  readonly clock: Clock;
  readonly count: (name: 'WebhookRejected' | 'WebhookDuplicates') => void;
}

const Received = z.object({
  status: z
    .enum(['received', 'duplicate', 'ping'])
    .describe('A duplicate came before, and a ping is only a platform’s greeting: neither is kept.'),
  deliveryId: DeliveryId.optional(),
});

/** Lambda takes events up to 6 MB, and a body grows in one; what is larger the gateway refuses. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

export const receiveWebhook = route({
  method: 'POST',
  path: '/v1/webhooks/{storeId}',
  scope: null,
  summary: 'Receive a store’s signed webhook',
  description:
    'For e-commerce platforms. The signature is checked over the raw body; the delivery is stored and processed afterwards. The form given here is that of `custom` stores, signed by Standard Webhooks; others send what their platform documents.',
  params: z.object({ storeId: StoreId }),
  raw: true,
  // What other platforms send is theirs to document.
  rawForm: { schema: CustomDelivery, example: customExample },
  maxBodyBytes: MAX_BODY_BYTES,
  response: Received,
  async handle(
    { params: { storeId }, rawBody, headers },
    { deliveries, bodies, secrets, days, clock, count }: WebhookDeps,
  ) {
    const store = await secrets.find(storeId);
    if (store === undefined) {
      count('WebhookRejected');
      throw new NotFound(`store ${storeId}`);
    }
    const webhook = { rawBody, headers, receivedAt: clock.now() };
    // Its headers are read as those of the platform that the store is on, whatever they say.
    const adapter = platforms[store.platform];
    if (adapter.isPing?.(webhook) === true) return { status: 'ping' as const };
    const refusal = adapter.refusal(webhook, store.secrets);
    if (refusal !== undefined) {
      count('WebhookRejected');
      await days.count(storeId, 'signatureFailures');
      throw new Unauthorized(refusal);
    }
    if (rawBody.length === 0) throw new BadRequest('The body is empty; a webhook carries a JSON document.');
    const { topic, identity, triggeredAt } = adapter.factsOf(webhook);
    const id = derivedId(DeliveryId, storeId, identity);
    try {
      await deliveries.create(
        {
          id,
          storeId,
          platform: store.platform,
          topic,
          triggeredAt,
          receivedAt: webhook.receivedAt,
          ...(await bodies.keep({ id, storeId }, rawBody)),
          status: 'received',
        },
        DeliveryReceived,
      );
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      count('WebhookDuplicates');
      await days.count(storeId, 'duplicates', { heard: true });
      return { status: 'duplicate' as const, deliveryId: id };
    }
    await days.count(storeId, 'received', { heard: true });
    return { status: 'received' as const, deliveryId: id };
  },
});
