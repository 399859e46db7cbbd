import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { measured, type PerDeal } from '../../infra/costs/measured.ts';
import {
  assumed,
  fitting,
  LINES,
  monthlyCosts,
  quantities,
  type StackFacts,
} from '../../infra/costs/monthly.ts';
import { prices } from '../../infra/costs/prices.ts';

const run = promisify(execFile);
const costs = async (...args: readonly string[]) =>
  run(process.execPath, ['infra/costs/costs.ts', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );

const perDeal: PerDeal = {
  together: 1,
  writeUnits: 100,
  readUnits: 40,
  dynamoDbCalls: 0,
  apiRequests: 3,
  events: 10,
  eventBytes: 10_000,
  messages: 10,
  batches: 10,
  invocations: { api: 3, facts: 2 },
  milliseconds: { api: 30, facts: 10 },
  logBytes: 1_000,
};
const stack: StackFacts = {
  memory: { api: 1024, facts: 2048 },
  alarmMetrics: 50,
  dashboards: 2,
  queues: 0,
  systemClients: 1,
  customMetrics: 0,
  canaryRunsPerMonth: 0,
  archiveDays: 30,
};
const given = { ...assumed(12_000_000), latencyMs: 0, readsPerDeal: 0 };
const units = { measuredAt: '2026-11-24', machine: 'a machine', deals: [perDeal], storedBytes: 3_000 };
const amounts = quantities(
  { ...units, read: { readUnits: 5, milliseconds: 10, dynamoDbCalls: 2, logBytes: 0 } },
  stack,
  given,
);

describe('what a month costs', () => {
  it('multiplies what one deal takes with a month’s deals', () => {
    expect(amounts).toMatchObject({
      writeUnit: 100e6,
      readUnit: 40e6,
      event: 10e6,
      apiRequest: 3e6,
      invocation: 5e6,
    });
  });

  it('weighs each function’s time with its own memory', () => {
    // A million deals: 30 ms at 1 GB and 10 ms at 2 GB each.
    expect(amounts.gigabyteSecond).toBeCloseTo(50_000, 6);
  });

  it('counts what is sent, received and deleted in queues', () => {
    expect(amounts.queueRequest).toBe(30e6);
  });

  it('puts every price on exactly one line', () => {
    expect(LINES.flatMap(({ of }) => of).sort()).toEqual(Object.keys(prices).sort());
  });

  it('adds up by hand', () => {
    const writes = monthlyCosts(amounts).find(({ name }) => name === 'DynamoDB: writes');
    expect(writes?.dollars).toBeCloseTo(62.5, 9);
  });

  it('takes the measurement that fits how many deals come in a working second', () => {
    const rows = [1, 10, 100].map((together) => ({ ...perDeal, together }));
    expect([10_000, 7_200_000, 80_000_000, 800_000_000].map((size) => fitting(rows, size).together)).toEqual([
      1, 1, 10, 100,
    ]);
  });

  it('names a function that was measured and is gone', () => {
    const other = { ...stack, memory: { api: 1024 } };
    const read = { readUnits: 0, milliseconds: 0, dynamoDbCalls: 0, logBytes: 0 };
    expect(() => quantities({ ...units, read }, other, given)).toThrow(
      'facts was measured, and is not in the stack',
    );
  });
});

describe('npm run costs', () => {
  it('prints the table that stands in its README', async () => {
    const { code, stdout } = await costs();
    expect(code).toBe(0);
    const readme = readFileSync(new URL('../../infra/costs/README.md', import.meta.url), 'utf8');
    // Formatting pads the cells of the table in the file.
    const plain = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-');
    expect(plain(readme)).toContain(plain(stdout).trim());
    expect(stdout).toContain(measured().measuredAt);
  });

  it.each([
    [['--deals', 'many'], '--deals takes a number above 0, not “many”'],
    [['--people', '-3'], '--people'],
    [['--size', '3'], '--size'],
  ])('refuses %j, and says what it takes', async (args, message) => {
    const { code, stderr } = await costs(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('npm run costs -- --deals');
  });
});
