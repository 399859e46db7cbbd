import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Inputs that nobody here wrote; present beside the project in CI, absent elsewhere. */
const realData = existsSync(new URL('../shared/data', import.meta.url));

const project = (
  name: string,
  timeouts: { test: number; hook: number },
  options: { sequential?: boolean; quiet?: boolean; also?: string; globalSetup?: string } = {},
) => ({
  test: {
    name,
    include: [
      `tests/${name}/**/*.test.{ts,tsx}`,
      ...(options.also === undefined ? [] : [`${options.also}/**/*.test.ts`]),
    ],
    // What functions log and measure is of interest where it is tested, not between the names of tests.
    ...(options.quiet === true && { env: { LOG_LEVEL: 'ERROR', POWERTOOLS_METRICS_DISABLED: 'true' } }),
    ...(options.globalSetup !== undefined && { globalSetup: options.globalSetup }),
    testTimeout: timeouts.test,
    hookTimeout: timeouts.hook,
    fileParallelism: options.sequential !== true,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    coverage: { provider: 'v8', include: ['services/**', 'shared/**'], reporter: ['text-summary', 'html'] },
    projects: [
      project('unit', { test: 30_000, hook: 30_000 }, { quiet: true }),
      project('contracts', { test: 10_000, hook: 10_000 }, { quiet: true }),
      project('integration', { test: 60_000, hook: 60_000 }, { quiet: true }),
      project('infra', { test: 120_000, hook: 180_000 }),
      // A local run is the whole system: two at once would only slow one another down.
      project('e2e', { test: 180_000, hook: 180_000 }, { sequential: true }),
      // Runbooks followed in the local run, one alarm after the other.
      project('drills', { test: 180_000, hook: 180_000 }, { sequential: true }),
      // The previous commit's system, and this one over it.
      project('upgrade', { test: 300_000, hook: 300_000 }, { sequential: true }),
      // The real stack, deployed by the CDK to an AWS emulator: its own tests, and those of whatever is a system.
      project(
        'deploy',
        { test: 300_000, hook: 300_000 },
        { sequential: true, also: 'tests/e2e/system', globalSetup: 'tests/deploy/support/setup.ts' },
      ),
      ...(realData ? [project('real-data', { test: 300_000, hook: 400_000 }, { sequential: true })] : []),
    ],
  },
});
