import { LosslessNumber, parse } from 'lossless-json';
import * as z from 'zod';
import { plainMessage, problemsOf } from '../../../../shared/errors/issues.ts';
import { Currency } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { type Delivery, UnreadableDelivery } from './order-message.ts';

/** Ids exceed 2^53 and amounts are decimals: both are kept as the digits that were sent. */
export const Digits = z
  .union([z.string(), z.instanceof(LosslessNumber)], {
    error: ({ input }) => (input === undefined ? 'is required' : 'must be a number, or text'),
  })
  .transform((value) => (typeof value === 'string' ? value : value.value))
  .pipe(z.string().max(100));

/** A whole number of things, zero or more. */
export const Quantity = Digits.transform(Number).pipe(z.int().min(0));

export const When = Instant.nullish();

const textOf = (value: unknown): string | undefined => {
  const text = value instanceof LosslessNumber ? value.value : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, 500) : undefined;
};

/** What nothing depends on: anything but text or a number, and empty text, is as if it were not there. */
export const Optional = z.unknown().optional().transform(textOf);

/** A currency code in either case. */
export const AnyCaseCurrency = z.string().toUpperCase().pipe(Currency);

/** Unix seconds as a number or its digits. */
export const UnixSeconds = Digits.transform(Number).pipe(
  z
    .int('must be Unix seconds')
    .min(0)
    .max(253_370_764_799, 'must be Unix seconds')
    .transform((seconds) => new Date(seconds * 1000).toISOString())
    .pipe(Instant),
);

const NOTE = 1_000;
const FAULTS = 10;

/** A reason as a delivery keeps it: short, whatever the payload is. */
export const unreadable = (reason: string, cause?: unknown): UnreadableDelivery =>
  new UnreadableDelivery(reason.length > NOTE ? `${reason.slice(0, NOTE)}…` : reason, { cause });

/** The JSON that was sent, every number as its digits. Throws UnreadableDelivery. */
export const jsonOf = (body: string): unknown => {
  try {
    return parse(body, null, { parseNumber: (digits) => new LosslessNumber(digits) });
  } catch (cause) {
    throw unreadable('the body is not JSON', cause);
  }
};

/** Throws UnreadableDelivery, which names each place that is not as it should be: `/line_items/0/price is required`. */
export const readValue = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value, { error: plainMessage });
  if (parsed.success) return parsed.data;
  const faults = problemsOf(parsed.error.issues).map(({ path, message }) => `${path || '/'} ${message}`);
  const more = faults.length > FAULTS ? `; and ${String(faults.length - FAULTS)} more` : '';
  throw unreadable(faults.slice(0, FAULTS).join('; ') + more);
};

/** What the delivery carries. Throws UnreadableDelivery. */
export const readPayload = <T>(schema: z.ZodType<T>, { body }: Pick<Delivery, 'body'>): T =>
  readValue(schema, jsonOf(body));
