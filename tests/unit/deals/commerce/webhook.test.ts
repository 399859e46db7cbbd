import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomDelivery } from '../../../../services/deals/domain/commerce/custom-delivery.ts';
import { openApiDocument } from '../../../../shared/http/openapi.ts';
import { DeliveryBodies } from '../../../../services/deals/commerce/delivery-bodies.ts';
import { receiveWebhook } from '../../../../services/deals/routes/webhooks.ts';
import type { Platform } from '../../../../services/deals/domain/commerce/platform.ts';
import { AlreadyExists } from '../../../../shared/errors/errors.ts';
import { apiHandler } from '../../../../shared/http/api-handler.ts';
import { derivedId, StoreId } from '../../../../shared/ids/id.ts';
import { storedObjects } from '../../../support/stored-objects.ts';
import { callApi } from '../../../support/call-api.ts';
import { observedMetrics } from '../../../support/observed.ts';

const known = derivedId(StoreId, 'web shop');
const body = { id: 1 };
const signed = (secret: string) => ({
  'x-shopify-hmac-sha256': createHmac('sha256', secret).update(JSON.stringify(body)).digest('base64'),
});

describe('the document of the interface', () => {
  it('has our own JSON as a component, and an example that is one', () => {
    const document = openApiDocument([{ service: 'deals', routes: [receiveWebhook] }]);
    expect(Object.keys(document.components?.schemas ?? {})).toContain('CustomStoreDelivery');
    expect(CustomDelivery.safeParse(receiveWebhook.rawForm?.example).success).toBe(true);
  });
});

describe('a store’s webhook', () => {
  let metrics = observedMetrics();
  let figures: string[] = [];
  beforeEach(() => {
    metrics = observedMetrics();
    figures = [];
  });

  const send = async (
    store: string,
    headers: Readonly<Record<string, string>>,
    platform: Platform = 'shopify',
  ) => {
    const stored = new Set<string>();
    const handler = apiHandler({
      service: 'deals',
      routes: [receiveWebhook],
      metrics,
      deps: ({ clock }) => ({
        clock,
        count: (name) => metrics.count(name),
        bodies: new DeliveryBodies(storedObjects().s3, 'bucket'),
        days: {
          count: async (_, figure) => {
            figures.push(figure);
            return Promise.resolve();
          },
        },
        secrets: {
          find: async (id) =>
            Promise.resolve(id === known ? { platform, secrets: ['first', 'second'] } : undefined),
        },
        deliveries: {
          create: async (delivery) => {
            if (stored.has(delivery.id)) throw new AlreadyExists('delivery', delivery);
            stored.add(delivery.id);
            return Promise.resolve({ ...delivery, version: 1 });
          },
        },
      }),
    });
    const call = callApi(handler, [receiveWebhook]);
    const first = await call('POST', `/v1/webhooks/${store}`, body, { headers });
    const again = await call('POST', `/v1/webhooks/${store}`, body, { headers });
    return [first.status, again.status];
  };

  it('is counted when it comes again', async () => {
    expect(await send(known, signed('second'))).toEqual([200, 200]);
    expect(metrics.counts).toEqual({ WebhookDuplicates: 1 });
    expect(figures).toEqual(['received', 'duplicates']);
    expect(metrics.flushed()).toBe(2);
  });

  it('is counted as rejected under a secret that is not the store’s', async () => {
    expect(await send(known, signed('third'))).toEqual([401, 401]);
    expect(metrics.counts).toEqual({ WebhookRejected: 2 });
    expect(figures).toEqual(['signatureFailures', 'signatureFailures']);
  });

  it.each(['woocommerce', 'bigcommerce', 'stripe', 'medusa', 'saleor', 'custom'] as const)(
    'of %s is not let in by a signature of another platform',
    async (platform) => {
      expect(await send(known, signed('first'), platform)).toEqual([401, 401]);
      expect(metrics.counts).toEqual({ WebhookRejected: 2 });
    },
  );

  it('is counted as rejected for a store that there is not', async () => {
    expect(await send(derivedId(StoreId, 'no shop'), signed('first'))).toEqual([404, 404]);
    expect(metrics.counts).toEqual({ WebhookRejected: 2 });
    expect(figures).toEqual([]);
  });
});
