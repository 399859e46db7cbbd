import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from './aws-clients.ts';

/** One metric of CloudWatch, and how its values of a period become one. */
export interface AskedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum';
}

export interface MetricValue {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const MOST_QUERIES = 500;

const queryOf = (asked: AskedMetric, index: number, periodSeconds: number): MetricDataQuery => ({
  Id: `m${index}`,
  MetricStat: {
    Metric: {
      Namespace: asked.namespace,
      MetricName: asked.name,
      Dimensions: Object.entries(asked.dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: periodSeconds,
    Stat: asked.statistic,
  },
});

/** The values of each metric between two times (milliseconds), oldest first, in the order in which they were asked for. */
export const metricValues = async (
  { cloudwatch }: AwsClients,
  asked: readonly AskedMetric[],
  { from, to, periodSeconds }: { readonly from: number; readonly to: number; readonly periodSeconds: number },
): Promise<readonly (readonly MetricValue[])[]> => {
  const found = asked.map((): MetricValue[] => []);
  const queries = asked.map((metric, index) => queryOf(metric, index, periodSeconds));
  for (let start = 0; start < queries.length; start += MOST_QUERIES) {
    let NextToken: string | undefined;
    do {
      const page = await cloudwatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: queries.slice(start, start + MOST_QUERIES),
          StartTime: new Date(from),
          EndTime: new Date(to),
          ScanBy: 'TimestampAscending',
          NextToken,
        }),
      );
      for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
        const values = Values.map((value, index) => ({ value, at: Timestamps[index]?.getTime() ?? to }));
        found[Number(Id.slice(1))]?.push(...values);
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
  return found;
};
