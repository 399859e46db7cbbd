export interface Quarter {
  /** `2027-Q1` */
  readonly period: string;
  /** First day, and the first day after. */
  readonly from: string;
  readonly to: string;
}

/** The calendar quarter that follows the one `now` lies in. */
export const nextQuarter = (now: Date): Quarter => {
  const index = now.getUTCFullYear() * 4 + Math.floor(now.getUTCMonth() / 3) + 1;
  const firstDay = (quarter: number) =>
    new Date(Date.UTC(Math.floor(quarter / 4), (quarter % 4) * 3, 1)).toISOString().slice(0, 10);
  return {
    period: `${String(Math.floor(index / 4))}-Q${String((index % 4) + 1)}`,
    from: firstDay(index),
    to: firstDay(index + 1),
  };
};

/** 10:00 UTC, a working hour on both coasts' calendars, of the given day of a week (0–12) of the quarter. */
export const momentOf = (quarter: Quarter, week: number, dayOfWeek: number): string =>
  new Date(Date.parse(`${quarter.from}T15:00:00Z`) + (week * 7 + dayOfWeek) * 86_400_000).toISOString();
