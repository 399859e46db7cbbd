import { Cron } from 'croner';

/** A schedule expression that EventBridge Scheduler would refuse, or that does not run here; the message says what it is. */
export class BadExpression extends Error {
  override readonly name = 'BadExpression';
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** AWS's fields of cron, from minute to year, with its 1 for Sunday, L, W and #. */
const cron = (fields: string, timeZone: string): Cron => {
  if (fields.trim().split(/\s+/).length !== 6)
    throw new BadExpression(
      `cron(${fields}) has not six fields: minute hour day-of-month month day-of-week year`,
    );
  try {
    return new Cron(`0 ${fields}`, {
      mode: '7-part',
      timezone: timeZone,
      alternativeWeekdays: true,
      domAndDow: true,
      sloppyRanges: true,
      paused: true,
    });
  } catch (error) {
    throw new BadExpression(
      `cron(${fields}) in ${timeZone}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

/**
 * When a schedule is due first after `after`; `origin` is when it was made, which rates count from. Both in milliseconds since the epoch.
 * Undefined when it never is again. Throws BadExpression.
 */
export const dueAfter = (
  { expression, timeZone }: { readonly expression: string; readonly timeZone: string },
  origin: number,
  after: number,
): number | undefined => {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const every = Number(rate?.[1]) * (UNIT_MS[rate?.[2] ?? ''] ?? 0);
  if (every > 0) return origin + (Math.floor((after - origin) / every) + 1) * every;
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (fields === undefined)
    throw new BadExpression(`${expression} is neither rate(<n> minutes|hours|days) nor cron(…)`);
  return cron(fields, timeZone).nextRun(new Date(after))?.getTime();
};
