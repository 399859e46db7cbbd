import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** AES-256-GCM; see NIST SP 800-38D for the sizes. */
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export const newSealingKey = (): Uint8Array => randomBytes(KEY_BYTES);

/**
 * A value that only the key opens: once the key is destroyed, so is the value, in every copy. `place` says where it
 * stands; sealed for one place, it opens in no other. The same value at the same place is sealed alike, so that an event
 * that comes again changes nothing: its IV is made of both, and so never serves two values.
 */
export const seal = (key: Uint8Array, value: unknown, place: string): string => {
  const clear = JSON.stringify(value);
  const iv = createHmac('sha256', key)
    .update(JSON.stringify([place, clear]))
    .digest()
    .subarray(0, IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
};

/** The value that was sealed. Throws for another key, another place, or a text that was altered. */
export const unseal = (key: Uint8Array, sealed: string, place: string): unknown => {
  const bytes = Buffer.from(sealed, 'base64url');
  const textAt = IV_BYTES + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(IV_BYTES, textAt));
  const text = Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
};
