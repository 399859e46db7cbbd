import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { publicApi } from '../../infra/canary/public-api.ts';
import { takeTurn, type Turn } from '../../infra/canary/turn.ts';
import { eventually } from '../support/eventually.ts';
import { logLines } from '../support/function-log.ts';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';

const Deals = z.object({
  items: z.array(
    z.object({ id: z.string(), status: z.string(), version: z.number(), source: z.string().optional() }),
  ),
});
const Revenue = z.object({ kpis: z.object({ wonRevenue: z.object({ value: z.number().nullable() }) }) });
const TURN_MINUTES = 5;

describe('the canary', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await startLocalRun(['-c', `canary=${String(TURN_MINUTES)}`]);
  });
  afterAll(async () => {
    await run.stop();
  });

  const told = async () =>
    (await logLines(run)).filter(({ unit }) => unit === 'canary').map(({ line }) => line);
  const turns = async (message: string) => (await told()).filter((line) => line.message === message);
  const deals = async () => Deals.parse((await run.request('GET', '/v1/deals')).body).items;
  const revenue = async (scope: string) => {
    const path = `/v1/metrics?scope=${scope}&period=${new Date().toISOString().slice(0, 7)}&kpis=wonRevenue`;
    return Revenue.parse((await run.request('GET', path)).body).kpis.wonRevenue.value;
  };

  /** A turn in this process, on the run's API, beside those of its schedule. */
  const turn = async ({ seconds = 30, random = Math.random } = {}): Promise<Turn> =>
    takeTurn({
      api: publicApi({
        url: run.url,
        token: await run.token(),
        correlationId: 'test',
        callLimitMs: 10_000,
      }),
      ticks: () => performance.now(),
      pause: async (milliseconds) => pause(milliseconds),
      random,
      endsAt: performance.now() + seconds * 1000,
    });

  const fault = async (name: string | null) =>
    fetch(`${run.url}/_local/faults`, {
      method: 'POST',
      body: JSON.stringify({ function: 'metrics-facts', fault: name }),
    });

  it('signs in by its schedule, wins a deal, sees its metric, and takes the win back', async () => {
    await run.clock(new Date(Date.now() + TURN_MINUTES * 60_000).toISOString());
    const [line] = await eventually('a turn of the canary', 60_000, async () => {
      const found = [
        ...(await turns('The canary has taken its turn')),
        ...(await turns('The canary has failed')),
      ];
      return found.length > 0 ? found : undefined;
    });
    expect(line).toMatchObject({ outcome: 'succeeded', correlationId: expect.any(String) as string });
    await run.idle();
    const counted = (await told()).filter((each) => 'CanarySucceeded' in each || 'CanaryLag' in each);
    expect(counted.length).toBeGreaterThan(0);
    expect(await deals()).toMatchObject([{ status: 'open', source: 'canary' }]);
    expect(await revenue('source:canary')).toBe(0);
  });

  it('leaves no trace in anybody’s numbers', async () => {
    const open = await run.request(
      'GET',
      `/v1/metrics?scope=org&period=${new Date().toISOString().slice(0, 4)}`,
    );
    const { kpis } = z.object({ kpis: z.record(z.string(), z.object({ n: z.number() })) }).parse(open.body);
    expect(Object.entries(kpis).filter(([, { n }]) => n !== 0)).toEqual([]);
  });

  it('writes neither its secret nor its token into the log', async () => {
    const log = JSON.stringify(await told());
    expect(log).not.toMatch(/eyJ|Bearer|Basic |client_secret|access_token/);
  });

  it('goes on after a turn that was killed between the win and taking it back', async () => {
    const [deal] = await deals();
    const won = await run.request('POST', `/v1/deals/${deal?.id ?? ''}/win`, {
      amount: { amount: 4_711, currency: 'USD' },
    });
    expect(won.status).toBe(200);
    expect(await turn()).toMatchObject({ outcome: 'succeeded' });
    expect(await deals()).toMatchObject([{ status: 'open' }]);
  });

  it('comes to an end where two turns are taken at once, and at least one sees its own win', async () => {
    const both = await Promise.all([turn(), turn()]);
    expect(both.map(({ outcome }) => outcome)).toContain('succeeded');
    expect(await deals()).toMatchObject([{ status: 'open' }]);
  });

  it('says what it waited for when metrics count no more, and takes its win back all the same', async () => {
    await run.idle();
    await fault('error');
    try {
      await expect(turn({ seconds: 3, random: () => 0.5 })).rejects.toThrow(
        /^Deal deal_\w+ was won for 500000001, and after \d+ s source:canary shows 0\.$/,
      );
      expect(await deals()).toMatchObject([{ status: 'open' }]);
    } finally {
      await fault(null);
    }
    await run.idle(120);
    expect(await turn()).toMatchObject({ outcome: 'succeeded' });
  });
});
