import { METRIC_NAMESPACE } from '../../../shared/observability/metric-table.ts';
import { duration } from '../durations.ts';
import { metricValues } from '../metric-values.ts';
import type { Check } from './finding.ts';

const LOOK_BACK_MS = 24 * 3_600_000;
const TOO_LONG_MS = 3_600_000;

/** When the canary last saw its deal counted; nothing where the stage has none. */
export const canaryCheck: Check = async ({ aws, names, now }) => {
  if (!names.functions.some(({ unit }) => unit === 'canary')) return [];
  const to = now();
  const [values = []] = await metricValues(
    aws,
    [
      {
        namespace: METRIC_NAMESPACE,
        name: 'CanarySucceeded',
        dimensions: { service: 'canary' },
        statistic: 'Sum',
      },
    ],
    { from: to - LOOK_BACK_MS, to, periodSeconds: 300 },
  );
  const last = values.findLast(({ value }) => value > 0)?.at;
  return [
    {
      area: 'canary',
      what: 'last success',
      says: last === undefined ? 'none in a day' : `${duration((to - last) / 1000)} ago`,
      needsPerson: last === undefined || to - last > TOO_LONG_MS,
    },
  ];
};
