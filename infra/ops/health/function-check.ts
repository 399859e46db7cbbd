import { metricValues } from '../metric-values.ts';
import type { Check } from './finding.ts';

const HOUR_MS = 3_600_000;
const LAG_TOO_LONG_MS = 60_000;

/** Errors and throttles of each function in the last hour, and how far behind its stream a relay was. */
export const functionCheck: Check = async ({ aws, names, now }) => {
  const to = now();
  const asked = names.functions.flatMap(({ name }) =>
    (
      [
        ['Errors', 'Sum'],
        ['Throttles', 'Sum'],
        ['IteratorAge', 'Maximum'],
      ] as const
    ).map(([metric, statistic]) => ({
      namespace: 'AWS/Lambda',
      name: metric,
      dimensions: { FunctionName: name },
      statistic,
    })),
  );
  const values = await metricValues(aws, asked, { from: to - HOUR_MS, to, periodSeconds: 300 });
  return names.functions.map(({ unit }, index) => {
    const [errors = [], throttles = [], ages = []] = values.slice(3 * index, 3 * index + 3);
    const sum = (of: typeof errors) => of.reduce((total, { value }) => total + value, 0);
    // Only the newest tells whether events wait now.
    const lag = ages.at(-1)?.value ?? 0;
    return {
      area: 'function',
      what: unit,
      says: [
        `${sum(errors)} errors, ${sum(throttles)} throttles`,
        ...(unit.endsWith('-relay') ? [`${Math.round(lag / 1000)} s behind its stream`] : []),
      ].join(', '),
      // Failures are retried; whether one lasts is what the alarms tell.
      needsPerson: lag > LAG_TOO_LONG_MS,
    };
  });
};
