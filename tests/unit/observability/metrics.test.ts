import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OperationalMetrics } from '../../../shared/observability/metrics.ts';

/** A new execution environment each time: what a module loads once, it has once. */
const coldStart = async (): Promise<OperationalMetrics> => {
  vi.resetModules();
  const { createMetrics } = await import('../../../shared/observability/metrics.ts');
  return createMetrics();
};

describe('embedded metrics', () => {
  let written: string[];

  const lines = () => written.map((text) => JSON.parse(text) as Record<string, unknown>);
  const dimensionsOf = (line: Record<string, unknown>) => {
    const { _aws } = line as { _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: unknown }[] } };
    return _aws.CloudWatchMetrics.map(({ Dimensions, Metrics }) => ({ Dimensions, Metrics }));
  };

  beforeEach(() => {
    written = [];
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'metrics');
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test('tell of a cold start once per execution environment', async () => {
    const metrics = await coldStart();
    metrics.flush();
    metrics.flush();
    expect(lines()).toMatchObject([{ service: 'metrics', ColdStarts: 1 }]);
    (await coldStart()).flush();
    expect(lines()).toHaveLength(2);
  });

  test('add counts up, keep each duration, and write nothing of what did not happen', async () => {
    const metrics = await coldStart();
    metrics.count('DealsWon');
    metrics.count('DealsWon', 2);
    metrics.count('StaleEvents', 0);
    metrics.measure('EndToEndLag', 1_200.4);
    metrics.measure('EndToEndLag', -3);
    metrics.flush();
    const [line] = lines();
    expect(line).toMatchObject({ DealsWon: 3, EndToEndLag: [1_200, 0] });
    expect(line).not.toHaveProperty('StaleEvents');
    expect(dimensionsOf(line ?? {})).toMatchObject([
      {
        Dimensions: [['service']],
        Metrics: expect.arrayContaining([{ Name: 'EndToEndLag', Unit: 'Milliseconds' }]) as unknown,
      },
    ]);
  });

  test('keep every duration of a large batch, in lines that CloudWatch takes', async () => {
    const metrics = await coldStart();
    for (let at = 0; at < 250; at += 1) metrics.measure('EndToEndLag', at);
    metrics.flush();
    const values = lines().flatMap(({ EndToEndLag }) => EndToEndLag as number[]);
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 250 }, (_, at) => at));
    for (const { EndToEndLag } of lines()) expect((EndToEndLag as number[]).length).toBeLessThanOrEqual(100);
  });

  test('tell money by currency, in a line of its own', async () => {
    const metrics = await coldStart();
    metrics.money('RevenueClosed', 12.5, 'USD');
    metrics.money('RevenueClosed', 7.25, 'USD');
    metrics.money('RevenueClosed', 1_000, 'JPY');
    metrics.flush();
    const [, ...money] = lines();
    expect(money).toMatchObject([
      { service: 'metrics', currency: 'USD', RevenueClosed: 19.75 },
      { service: 'metrics', currency: 'JPY', RevenueClosed: 1_000 },
    ]);
    expect(money.flatMap(dimensionsOf)).toMatchObject([
      { Dimensions: [['service', 'currency']], Metrics: [{ Name: 'RevenueClosed', Unit: 'None' }] },
      {},
    ]);
  });
});
