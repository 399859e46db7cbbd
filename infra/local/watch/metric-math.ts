/** An expression of metric math that the local run does not understand; the message names it. */
export class UnknownMath extends Error {
  override readonly name = 'UnknownMath';
}

/** One value per asked period; undefined where there is none. */
export type Series = readonly (number | undefined)[];

type Summary = (values: readonly number[]) => number;

const sum: Summary = (values) => values.reduce((total, value) => total + value, 0);

const SUMMARIES: Readonly<Record<string, Summary>> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

/** What `SUM(METRICS())` and its like make of all metrics beside them, period by period: the stack uses no other form. Throws UnknownMath. */
export const metricMath = (expression: string): ((metrics: readonly Series[], periods: number) => Series) => {
  const summary = SUMMARIES[/^\s*([A-Z]+)\(\s*METRICS\(\)\s*\)\s*$/.exec(expression)?.[1] ?? ''];
  if (summary === undefined) {
    throw new UnknownMath(
      `metric math: the local run reckons ${Object.keys(SUMMARIES).join(', ')} of METRICS(), not ${expression}; see infra/local/watch/metric-math.ts`,
    );
  }
  return (metrics, periods) =>
    Array.from({ length: periods }, (_, at) => {
      const values = metrics.flatMap((series) => series[at] ?? []);
      return values.length === 0 ? undefined : summary(values);
    });
};
