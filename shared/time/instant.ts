import * as z from 'zod';

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const AFTER_LAST = Date.parse('9999-01-01T00:00:00Z');

/** Within years 1 to 9998 its day has four digits in every zone, so that texts sort as times do. */
const isInstant = (text: string): boolean => {
  // `Date` takes 30 February for 2 March.
  if (!FORM.test(text) || !isDay(text.slice(0, 10))) return false;
  const time = Date.parse(text);
  return time >= FIRST && time < AFTER_LAST;
};

/** An RFC 3339 instant, kept in UTC with milliseconds: `2026-11-23T09:30:00.000Z`. Offsets are converted. */
export const Instant = z
  .string()
  .refine(isInstant, 'must be an RFC 3339 instant such as 2026-11-23T09:30:00Z')
  .transform((text) => new Date(text).toISOString())
  .brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** A calendar day, `YYYY-MM-DD`, that exists. */
export const Day = z.string().refine(isDay, 'must be a day such as 2026-11-23').brand<'Day'>();
export type Day = z.infer<typeof Day>;

/** The only source of "now"; passed in, so that tests and the local run's clock can move it. */
export interface Clock {
  now(): Instant;
}

export const instantFrom = (milliseconds: number): Instant => new Date(milliseconds).toISOString() as Instant;

export const systemClock: Clock = { now: () => instantFrom(Date.now()) };
