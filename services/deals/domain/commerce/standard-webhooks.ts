import type { ReceivedWebhook, Signing } from './platform.ts';
import { anyMatches, hmacSha256, isTimely } from './signature.ts';

const PREFIX = 'whsec_';
/** The specification's bounds for a key, in bytes. */
const KEY_BYTES = { min: 24, max: 64 };

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;

/** `whsec_` and base64, or else the very characters of a client secret. */
const keyOf = (secret: string): Uint8Array =>
  secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');

const prefixedProblem = (secret: string): string | undefined => {
  const encoded = secret.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64').length;
  return secret.startsWith(PREFIX) && isBase64(encoded) && bytes >= KEY_BYTES.min && bytes <= KEY_BYTES.max
    ? undefined
    : `must be ${PREFIX} followed by ${String(KEY_BYTES.min)} to ${String(KEY_BYTES.max)} bytes in base64`;
};

/** `v1,<base64>`, several of them apart by spaces while a key is rotated; other versions are not ours to judge. */
const signaturesOf = (header: string): readonly Uint8Array[] =>
  header
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice('v1,'.length), 'base64'));

/**
 * Signing by the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, in base64.
 * Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
 * @param bareSecrets whether a secret may be a client secret as it is, without `whsec_` (BigCommerce)
 */
export const standardWebhooks = ({ bareSecrets }: { readonly bareSecrets: boolean }): Signing => ({
  secretProblem: (secret) =>
    bareSecrets && !secret.startsWith(PREFIX) ? undefined : prefixedProblem(secret),
  refusal: ({ headers, rawBody, receivedAt }: ReceivedWebhook, secrets) => {
    const id = headers['webhook-id'];
    const timestamp = headers['webhook-timestamp'];
    const signature = headers['webhook-signature'];
    if (id === undefined || timestamp === undefined || signature === undefined)
      return 'webhook-id, webhook-timestamp or webhook-signature is missing.';
    if (!isTimely(timestamp, receivedAt)) return 'webhook-timestamp is not within five minutes of now.';
    const expected = secrets.map((secret) => hmacSha256(keyOf(secret), `${id}.${timestamp}.`, rawBody));
    return anyMatches(signaturesOf(signature), expected)
      ? undefined
      : 'webhook-signature has no v1 signature of this body under a secret of this store.';
  },
});
