import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Instant } from '../../../../shared/time/instant.ts';
import type { Delivery, OrderMessage } from './order-message.ts';

export const Platform = z.enum([
  'shopify',
  'woocommerce',
  'bigcommerce',
  'stripe',
  'medusa',
  'saleor',
  'custom',
]);
export type Platform = z.infer<typeof Platform>;

/** What came in at a store's address; nothing in it is to be trusted yet. */
export interface ReceivedWebhook {
  readonly rawBody: Uint8Array;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly receivedAt: Instant;
}

/** How a platform signs. */
export interface Signing {
  /** What is wrong with a secret that a store is to be given; undefined if its form is right. */
  readonly secretProblem: (secret: string) => string | undefined;
  /**
   * Why the webhook is not the store's; undefined if it is signed with one of the secrets, of which two are valid while
   * one is rotated. Looks at the raw bytes and at headers alone, and takes constant time for what is secret.
   */
  readonly refusal: (webhook: ReceivedWebhook, secrets: readonly string[]) => string | undefined;
}

/** What a signed delivery says of itself. */
export interface DeliveryFacts {
  readonly topic: string;
  /** The same for a delivery that comes again, and for no other of the store. */
  readonly identity: string;
  /** When what it tells happened, as far as it says so; the time of receipt otherwise. */
  readonly triggeredAt: Instant;
}

/** Everything that is particular to one platform. Nothing else in the service knows one. */
export interface PlatformAdapter extends Signing {
  /** Whether it is an unsigned greeting, which is answered and not kept. */
  readonly isPing?: (webhook: ReceivedWebhook) => boolean;
  /** Never throws: what can't be read is kept all the same. */
  readonly factsOf: (webhook: ReceivedWebhook) => DeliveryFacts;
  /** Throws UnreadableDelivery, saying which place of the payload is not as the platform documents it. */
  readonly read: (delivery: Delivery) => OrderMessage;
  /** What the platform's API answers for an order, where deliveries only say that there is news of it. Throws as `read` does. */
  readonly orderOf?: (answers: OrderAnswers) => OrderMessage;
}

/** The raw JSON of an order's resource and of what belongs to it. */
export interface OrderAnswers {
  readonly order: string;
  readonly products?: string;
  /** Needed where the order says that money was given back. */
  readonly refunds?: string;
}

/** For deliveries without an id of their own: what it says is what it is. */
export const hashOf = (topic: string, { rawBody }: ReceivedWebhook): string =>
  createHash('sha256').update(`${topic}\n`).update(rawBody).digest('hex');

/** The header's instant, or else the time of receipt. */
export const instantOr = (text: unknown, { receivedAt }: ReceivedWebhook): Instant => {
  const instant = Instant.safeParse(text);
  return instant.success ? instant.data : receivedAt;
};

/** The same of Unix seconds. */
export const secondsOr = (seconds: unknown, { receivedAt }: ReceivedWebhook): Instant =>
  typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 && seconds < 253_370_764_800
    ? Instant.parse(new Date(Math.trunc(seconds) * 1000).toISOString())
    : receivedAt;

const Fields = z.record(z.string(), z.unknown());

/**
 * The body's own fields, to learn what kind of delivery it is; empty if it is no JSON object. Numbers in it may have lost
 * digits: nothing but topics and times is to be taken from it.
 */
export const fieldsOf = ({ rawBody }: ReceivedWebhook): Readonly<Record<string, unknown>> => {
  try {
    return Fields.parse(JSON.parse(Buffer.from(rawBody).toString('utf8')));
  } catch {
    return {};
  }
};

/** A text of reasonable length: what is not is no topic, and keys and logs are spared of it. */
export const topicOf = (value: unknown): string =>
  typeof value === 'string' && value.length <= 200 ? value : '';

/** Deliveries of a topic that no order depends on. */
export const irrelevant = (topic: string, why = 'is not about orders'): OrderMessage => ({
  kind: 'irrelevant',
  reason: `${topic === '' ? 'a delivery without a topic' : topic} ${why}`,
});
