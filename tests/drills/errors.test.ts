import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Drill } from './drill.ts';

/** A request that reaches the function of each unit which takes requests. */
const REQUESTS: Readonly<Record<string, { readonly function: string; readonly path: string }>> = {
  team: { function: 'team-api', path: '/v1/teams' },
  deals: { function: 'deals-api', path: '/v1/deals' },
  metrics: { function: 'metrics-api', path: '/v1/metrics?scope=org' },
  goals: { function: 'goals-api', path: '/v1/goals' },
  platform: { function: 'platform', path: '/openapi.json' },
};

describe.each([
  ['errors', 'error', 500],
  ['throttles', 'throttle', 503],
] as const)('functions that meet %s', (kind, fault, status) => {
  let drill: Drill;
  let alarms: readonly string[];
  beforeAll(async () => {
    drill = await Drill.start();
    alarms = (await drill.alarms('errors')).filter(
      (alarm) => alarm.endsWith(`-${kind}`) || alarm === 'api-failures',
    );
  });
  afterAll(async () => {
    await drill.run.stop();
  });

  it('raise the alarm of their unit and of the API after three minutes', async () => {
    expect(alarms).toHaveLength(Object.keys(REQUESTS).length + 1);
    for (const { function: name } of Object.values(REQUESTS)) await drill.fault({ function: name, fault });
    await drill.minutes(1);
    for (let minute = 0; minute < 3; minute += 1) {
      for (const { path } of Object.values(REQUESTS))
        expect((await drill.run.request('GET', path)).status).toBe(status);
      await drill.minutes(1);
    }
    expect(await drill.raised()).toEqual(alarms);
    const runbooks = await drill.runbooks();
    expect(new Set(Object.values(runbooks))).toEqual(new Set([`${kind}.md`, 'api-failures.md']));
  });

  it('are found by the runbooks’ commands', async () => {
    for (const runbook of [kind, 'api-failures']) {
      const health = await drill.follow(runbook, 'health', {}, 1);
      expect(health).toMatch(new RegExp(`function +deals-api .*[1-9]\\d* ${kind}`));
    }
  });

  it('let the alarms clear once they work again', async () => {
    for (const { function: name } of Object.values(REQUESTS))
      await drill.fault({ function: name, fault: null });
    for (const { path } of Object.values(REQUESTS))
      expect((await drill.run.request('GET', path)).status).toBeLessThan(500);
    // The first of these two minutes saw the looks at /health fail.
    await drill.minutes(2);
    expect(await drill.raised()).toEqual([]);
  });
});

describe('a service that somebody has paused', () => {
  let drill: Drill;
  beforeAll(async () => {
    drill = await Drill.start();
  });
  afterAll(async () => {
    await drill.run.stop();
  });
  const request = async () => (await drill.run.request('GET', '/v1/deals')).status;

  it('refuses its requests, which raises alarms, until the runbook’s command resumes it', async () => {
    expect(await drill.json('pause deals --only api --apply')).toContain('deals-api');
    await drill.minutes(1);
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await request()).toBe(503);
      await drill.minutes(1);
    }
    expect(await drill.raised()).toEqual(['api-failures', 'deals-throttles']);
    expect(await drill.follow('throttles', 'health', {}, 1)).toMatch(/! +service +deals .*takes no requests/);
    await drill.follow('throttles', 'resume --apply', { service: 'deals' });
    expect(await request()).toBe(200);
    await drill.minutes(2);
    expect(await drill.raised()).toEqual([]);
  });
});
