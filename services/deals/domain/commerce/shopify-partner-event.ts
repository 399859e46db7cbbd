import { isLosslessNumber, stringify } from 'lossless-json';
import * as z from 'zod';
import { Instant } from '../../../../shared/time/instant.ts';
import type { DeliveryFacts } from './platform.ts';
import { jsonOf, Optional, readValue } from './payload.ts';

/** An event of Shopify's partner bus as a delivery: what a signed webhook would have told, and whose shop it is. */
export interface PartnerDelivery extends DeliveryFacts {
  readonly body: string;
  /** `pastapro.myshopify.com`; absent if the event does not say. */
  readonly shopDomain?: string;
}

const Event = z.object({
  id: z.string(),
  time: Instant,
  detail: z.object({
    payload: z.unknown().refine((payload) => payload !== undefined, 'is required'),
    metadata: z.record(z.string(), z.unknown()),
  }),
});

/** Metadata by lower-case name, without the `x-` that the classic shape has. */
const namesOf = (metadata: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(metadata).flatMap(([name, value]) => {
      const text = Optional.parse(isLosslessNumber(value) ? value.value : value);
      return text === undefined ? [] : [[name.toLowerCase().replace(/^x-/, ''), text] as const];
    }),
  );

/**
 * Reads an event of `aws.partner/shopify.com/…`, given as the text that the queue hands on: parsed by `JSON.parse`, ids
 * above 2^53 would have lost digits already. Both shapes are known: the classic one, whose payload is that of a REST
 * webhook and whose metadata are its headers (`X-Shopify-Topic`), and the newer “Events”, with lower-case names without
 * `X-` and a topic of its own (`Order/update`). EventBridge vouches for the sender: such an event bears no signature to check.
 * Throws UnreadableDelivery.
 */
export const deliveryOfPartnerEvent = (text: string): PartnerDelivery => {
  const { id, time, detail } = readValue(Event, jsonOf(text));
  const metadata = namesOf(detail.metadata);
  const action = metadata.get('shopify-action');
  const topic = metadata.get('shopify-topic') ?? '';
  const triggeredAt = Instant.safeParse(metadata.get('shopify-triggered-at'));
  const shopDomain = metadata.get('shopify-shop-domain');
  return {
    topic: action === undefined ? topic : `${topic}/${action}`,
    identity: metadata.get('shopify-webhook-id') ?? id,
    triggeredAt: triggeredAt.success ? triggeredAt.data : time,
    body: stringify(detail.payload) ?? 'null',
    ...(shopDomain !== undefined && { shopDomain }),
  };
};
