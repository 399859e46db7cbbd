import type { Delivery, OrderMessage } from './order-message.ts';
import { fieldsOf, hashOf, type PlatformAdapter, secondsOr, topicOf } from './platform.ts';
import { anyMatches, hmacSha256, isTimely } from './signature.ts';
import { readStripeEvent } from './stripe-event.ts';

/** `t=1533204620,v1=…,v1=…,v0=…`: several v1 while the endpoint's secret is rolled; other schemes are not to be trusted. */
const partsOf = (header: string) => {
  const parts = header.split(',').map((part) => {
    const at = part.indexOf('=');
    return { name: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
  });
  return {
    timestamp: parts.find(({ name }) => name === 't')?.value ?? '',
    signatures: parts.filter(({ name }) => name === 'v1').map(({ value }) => Buffer.from(value, 'hex')),
  };
};

/** Source of the signature: Stripe, “Verify webhook signatures manually”. */
export const stripe: PlatformAdapter = {
  secretProblem: (secret) =>
    /^whsec_\S{16,}$/.test(secret)
      ? undefined
      : 'must be the signing secret of the webhook endpoint, which begins with whsec_',
  refusal: ({ headers, rawBody, receivedAt }, secrets) => {
    const header = headers['stripe-signature'];
    if (header === undefined) return 'Stripe-Signature is missing.';
    const { timestamp, signatures } = partsOf(header);
    if (!isTimely(timestamp, receivedAt))
      return 'The time of Stripe-Signature is not within five minutes of now.';
    const expected = secrets.map((secret) => hmacSha256(secret, `${timestamp}.`, rawBody));
    return anyMatches(signatures, expected)
      ? undefined
      : 'Stripe-Signature has no v1 signature of this body under a secret of this store.';
  },
  factsOf: (webhook) => {
    const { id, type, created } = fieldsOf(webhook);
    const topic = topicOf(type);
    return {
      topic,
      // An event's id says nothing of its kind in what Stripe's command line makes up.
      identity: topicOf(id) === '' ? hashOf(topic, webhook) : `${topicOf(id)}:${topic}`,
      triggeredAt: secondsOr(created, webhook),
    };
  },
  read: (delivery: Delivery): OrderMessage => readStripeEvent(delivery),
};
