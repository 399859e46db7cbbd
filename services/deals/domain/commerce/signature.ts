import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `signature` (base64) is the HMAC-SHA256 of the raw body under one of the secrets; two are valid at a time
 * while a secret is rotated. Compares in constant time.
 * Source: Shopify, "Verify webhook deliveries" (`X-Shopify-Hmac-SHA256`).
 */
export const verifyHmacSha256 = (
  rawBody: Uint8Array,
  signature: string | undefined,
  secrets: readonly string[],
): boolean => {
  if (signature === undefined) return false;
  const given = Buffer.from(signature, 'base64');
  let valid = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    // No early end: the time taken must not tell which secret matched.
    if (given.length === expected.length && timingSafeEqual(given, expected)) valid = true;
  }
  return valid;
};
