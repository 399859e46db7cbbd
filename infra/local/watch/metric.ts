/** One metric of CloudWatch. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export const PERIOD_MS = 60_000;

const STATISTICS = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'] as const;
export type Statistic = (typeof STATISTICS)[number];

export const isStatistic = (name: string): name is Statistic =>
  STATISTICS.some((statistic) => statistic === name);

/** What is kept of the values of one period. */
export interface StatisticSet {
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
}

export const single = (value: number): StatisticSet => ({
  sum: value,
  minimum: value,
  maximum: value,
  count: 1,
});

export const merged = (a: StatisticSet, b: StatisticSet): StatisticSet => ({
  sum: a.sum + b.sum,
  minimum: Math.min(a.minimum, b.minimum),
  maximum: Math.max(a.maximum, b.maximum),
  count: a.count + b.count,
});

export const statisticOf = ({ sum, minimum, maximum, count }: StatisticSet, statistic: Statistic): number => {
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return minimum;
    case 'Maximum':
      return maximum;
    case 'SampleCount':
      return count;
  }
};

/** Metrics are the same whatever the order of their dimensions. */
export const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([
    namespace,
    name,
    ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  ]);

export const titleOf = ({ namespace, name }: Pick<MetricId, 'namespace' | 'name'>): string =>
  `${namespace} ${name}`;
