import { createHmac, timingSafeEqual } from 'node:crypto';

export const hmacSha256 = (key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
};

/**
 * Whether one of the given signatures is one of the expected. Takes as long whichever it is, so that the time tells
 * neither which secret is in use nor how far a forgery was right.
 */
export const anyMatches = (given: readonly Uint8Array[], expected: readonly Uint8Array[]): boolean => {
  let valid = false;
  for (const one of expected) {
    for (const other of given) {
      if (other.length === one.length && timingSafeEqual(other, one)) valid = true;
    }
  }
  return valid;
};

/** The platforms' own limit; a delivery that is older, or from the future, may be a recorded one. */
export const TOLERANCE_SECONDS = 300;

/** Whether the Unix seconds of a signature are within the tolerance of `now`. */
export const isTimely = (timestamp: string, now: string): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(Date.parse(now) / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
