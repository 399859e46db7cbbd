import type { Table } from '../../../shared/dynamodb/table.ts';
import { instantFrom, type Instant } from '../../../shared/time/instant.ts';

/**
 * While deals are told again one by one, sums are of old and new settings together: what a goal passes then is recorded,
 * and mailed to nobody. This holds from before the first is told until what was told last must have come through.
 */
const key = { pk: 'settings-change', sk: 'quiet' } as const;

export const QUIET_ITEM = 'quiet';

/** What is told when the last deal is written has long come through by then. */
const SETTLING_MINUTES = 10;

/** Should the change never end, crossings are news again after so long. */
const LONGEST_MINUTES = 24 * 60;

const later = (now: Instant, minutes: number): Instant => instantFrom(Date.parse(now) + minutes * 60_000);

const keepQuiet = async (table: Table, now: Instant, minutes: number): Promise<void> => {
  const until = later(now, minutes);
  await table.put({ ...key, type: QUIET_ITEM, until, expiresAt: Math.ceil(Date.parse(until) / 1000) });
};

export const beginQuiet = async (table: Table, now: Instant): Promise<void> =>
  keepQuiet(table, now, LONGEST_MINUTES);

export const endQuiet = async (table: Table, now: Instant): Promise<void> =>
  keepQuiet(table, now, SETTLING_MINUTES);

export const isQuiet = async (table: Table, now: Instant): Promise<boolean> => {
  const item = await table.get(key);
  return typeof item?.until === 'string' && now < item.until;
};
