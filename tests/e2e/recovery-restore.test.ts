import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { eventually } from '../support/eventually.ts';
import { operate, operated } from '../support/operator.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';

const Kpis = z.object({ kpis: z.record(z.string(), z.object({ value: z.number().nullable() })) });
const Progress = z.object({ value: z.number().nullable(), percent: z.number().nullable() });
const Restored = z.object({ next: z.array(z.string()), items: z.array(z.looseObject({})) });

describe('a table goes back to an earlier minute', () => {
  let run: LocalRun;
  let sales: SalesOrganization;
  let goalId: string;
  let good: { readonly changed: string; readonly deleted: string };
  const month = new Date().toISOString().slice(0, 7);

  const values = async (scope: string) => {
    const answer = await run.request(
      'GET',
      `/v1/metrics?scope=${scope}&period=${month}&kpis=wonRevenue,wonDeals`,
    );
    return Object.fromEntries(
      Object.entries(Kpis.parse(answer.body).kpis).map(([kpi, { value }]) => [kpi, value]),
    );
  };
  const figures = async () => ({
    org: await values('org'),
    team: await values(`team:${sales.teamId}`),
    rep: await values(`rep:${sales.repId}`),
    goal: Progress.parse((await run.request('GET', `/v1/goals/${goalId}/progress`)).body),
  });
  /** Its version aside: that only ever rises. */
  const deal = async (id: string) => {
    const { version: _version, ...state } = z
      .looseObject({ version: z.number() })
      .parse((await run.request('GET', `/v1/deals/${id}`)).body);
    return state;
  };
  /** A second that begins after all writes so far and ends before the next ones: backups know whole seconds. */
  const nextSecond = async (): Promise<string> => {
    const second = Math.floor(Date.now() / 1000) + 1;
    await eventually('the second is over', 5_000, async () =>
      Promise.resolve(Date.now() > (second + 1) * 1000 ? true : undefined),
    );
    return new Date(second * 1000).toISOString();
  };
  /** Types what the restore said was left to do on the running system. */
  const carryOut = async (steps: readonly string[], command: string): Promise<void> => {
    const lines = steps
      .filter((step) => step.startsWith(`npm run ops -- ${command} `))
      .map((step) => step.replace('npm run ops -- ', '').replace(/ --local \S+/, ''));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) await operated(run, line);
  };
  const restored = async (line: string) =>
    Restored.parse(JSON.parse(await operated(run, `restore ${line} --apply --json`)));

  beforeAll(async () => {
    run = await startLocalRun(['--keep-history']);
    sales = await salesOrganization(run);
    goalId = await create(run, '/v1/goals', {
      name: 'Marco’s pasta month',
      scope: `rep:${sales.repId}`,
      kpi: 'wonRevenue',
      period: month,
      target: { amount: 1_000_000, currency: 'USD' },
      milestones: [50, 100],
    });
    good = {
      changed: await winDeal(run, sales.repId, 'Trattoria Roma, yearly supply', 300_000),
      deleted: await winDeal(run, sales.repId, 'Hotel Miramare', 250_000),
    };
    await run.idle();
  });
  afterAll(async () => {
    await run.stop();
  });

  it('brings deals, their metrics and goals back after bad writes', async () => {
    const before = await figures();
    expect(before).toMatchObject({ rep: { wonRevenue: 550_000, wonDeals: 2 }, goal: { percent: 55 } });
    const changed = await deal(good.changed);
    const minute = await nextSecond();

    await run.request('POST', `/v1/deals/${good.changed}/reopen`, { reason: 'a script gone wrong' });
    await run.request('DELETE', `/v1/deals/${good.deleted}`);
    const bad = await winDeal(run, sales.repId, 'Nonsense', 99_000_000);
    await run.idle();
    const wrong = await figures();
    expect(wrong.rep).toEqual({ wonRevenue: 99_000_000, wonDeals: 1 });

    const dryRun = await operated(run, `restore deals --to ${minute}`);
    expect(dryRun).toMatch(/deal +changed back +2/);
    expect(dryRun).toMatch(/deal +told as gone +1/);
    expect(await figures()).toEqual(wrong);

    const refused = await operate(run, `restore deals --to ${minute} --apply`);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('pause deals');

    await operated(run, 'pause deals --apply');
    expect((await run.request('GET', `/v1/deals/${good.changed}`)).status).toBe(503);
    const stop = new AbortController();
    stop.abort();
    const stopped = await operate(run, `restore deals --to ${minute} --apply`, stop.signal);
    expect(stopped.err).toContain('The same command goes on where it was');
    expect((await operate(run, 'resume deals --apply')).err).toContain('is half way back');

    const { next } = await restored(`deals --to ${minute}`);
    expect(next[0]).toContain('-c epochs.deals=1');
    expect((await operate(run, 'resume deals --apply')).err).toContain('raise epochs.deals to 1');
    await run.restart(['--keep-history', '-c', 'epochs.deals=1']);
    await carryOut(next, 'resume');
    await carryOut(next, 'replay');
    await run.idle();

    expect(await figures()).toEqual(before);
    expect(await deal(good.changed)).toEqual(changed);
    expect((await run.request('GET', `/v1/deals/${bad}`)).status).toBe(404);
    expect(await run.deadLetters()).toEqual([]);
  });

  it('goes on from there: what is written afterwards is news to everyone', async () => {
    const before = await figures();
    await run.request('DELETE', `/v1/deals/${good.deleted}`);
    const id = await winDeal(run, sales.repId, 'Osteria Nuova', 10_000);
    await run.idle();
    expect((await figures()).rep).toEqual({ wonRevenue: 310_000, wonDeals: 2 });
    await run.request('DELETE', `/v1/deals/${id}`);
    await run.idle();
    expect((await figures()).rep).toEqual({ wonRevenue: 300_000, wonDeals: 1 });
    expect(before.rep).not.toEqual((await figures()).rep);
  });

  it('brings metrics level again from the archive, and mails nobody about numbers on their way', async () => {
    const minute = await nextSecond();
    await winDeal(run, sales.repId, 'Pizzeria Bella', 400_000);
    await winDeal(run, sales.repId, 'Caffè Centrale', 20_000);
    await run.idle();
    const before = await figures();
    expect(before.rep).toEqual({ wonRevenue: 720_000, wonDeals: 3 });
    const mails = (await run.mail()).length;

    await operated(run, 'pause goals --only consumers --apply');
    await operated(run, 'pause metrics --apply');
    const { next } = await restored(`metrics --to ${minute}`);
    await run.restart(['--keep-history', '-c', 'epochs.deals=1', '-c', 'epochs.metrics=1']);
    await operated(run, 'resume metrics --apply');
    expect((await values(`rep:${sales.repId}`)).wonRevenue).toBe(300_000);
    await carryOut(next, 'replay');
    await eventually('the facts are folded', 60_000, async () =>
      (await values(`rep:${sales.repId}`)).wonRevenue === 720_000 ? true : undefined,
    );
    await operated(run, 'resume goals --only consumers --apply');
    await run.idle();

    expect(await figures()).toEqual(before);
    expect(await run.mail()).toHaveLength(mails);
    expect(await run.deadLetters()).toEqual([]);
    await operated(run, 'pause metrics --only consumers --apply');
    expect(await operated(run, 'rebuild metrics')).toContain('0 differing, 0 missing; 0 surplus');
    await operated(run, 'resume metrics --only consumers --apply');
  });

  it('refuses a minute that no backup holds', async () => {
    const early = await operate(run, 'restore goals --to 2020-01-01T00:00:00Z');
    expect(early.code).toBe(2);
    expect(early.err).toMatch(/can go back to any second from .* to /);
    const unknown = await operate(run, 'restore deal --to 2026-01-01T00:00:00Z');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('deals');
  });
});
