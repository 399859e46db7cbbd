import * as z from 'zod';
import type { MetricStore } from './metric-store.ts';
import { merged, single } from './metric.ts';

/** CloudWatch's embedded metric format: a log line that says which of its fields are metrics, and which their dimensions. */
const EmbeddedMetrics = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().optional() })),
      }),
    ),
  }),
});

const Values = z.union([z.number().transform((value) => [value]), z.array(z.number())]);

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
};

/** Adds what a line of a function's log says; a line in another form says nothing, as on AWS. */
export const addEmbeddedMetrics = (line: string, store: MetricStore): void => {
  const found = EmbeddedMetrics.safeParse(parsed(line));
  if (!found.success) return;
  const { _aws, ...fields } = found.data;
  for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
    for (const names of Dimensions) {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]));
      for (const { Name } of Metrics) {
        const values = Values.safeParse(fields[Name]);
        const [first, ...rest] = values.success ? values.data : [];
        if (first === undefined) continue;
        const set = rest.reduce((sum, value) => merged(sum, single(value)), single(first));
        store.add({ namespace: Namespace, name: Name, dimensions }, set, _aws.Timestamp);
      }
    }
  }
};
