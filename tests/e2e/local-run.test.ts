import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';

const runStart = async (...flags: readonly string[]) => {
  const child = spawn(process.execPath, ['infra/local/start.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
};

describe('the command line of the local run', () => {
  it('explains itself', async () => {
    expect(await runStart('--help')).toMatchObject({
      code: 0,
      output: expect.stringContaining('--fresh') as string,
    });
  });
  it('refuses a flag that it does not know, and says which', async () => {
    expect(await runStart('--prot', '3000')).toMatchObject({
      code: 2,
      output: expect.stringContaining('--prot') as string,
    });
  });
});

describe('the local run', () => {
  let run: LocalRun;
  let folder: string;
  let sales: SalesOrganization;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quotaline-taken-'));
    run = await startLocalRun();
    sales = await salesOrganization(run);
  });
  afterAll(async () => {
    await run.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const wonDeals = async (): Promise<number | null> => {
    const year = String(new Date().getUTCFullYear());
    const response = await run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=wonDeals`);
    const { kpis } = z
      .object({ kpis: z.object({ wonDeals: z.object({ value: z.number().nullable() }) }) })
      .parse(response.body);
    return kpis.wonDeals.value;
  };

  it('says whose the port is when it is taken', async () => {
    const port = new URL(run.url).port;
    expect(await runStart('--port', port, '--data', folder)).toMatchObject({
      code: 2,
      output: expect.stringContaining(`port ${port} is in use`) as string,
    });
  });

  it('signs a member in, and nobody whom the team does not know', async () => {
    const token = await run.memberToken(sales.repEmail);
    const response = await fetch(`${run.url}/v1/deals`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    await expect(run.memberToken('nobody@example.com')).rejects.toThrow(/400.*invalid_grant/);
  });

  it('refuses a token that has expired', async () => {
    const token = await run.token();
    await run.clock(new Date(Date.now() + 2 * 3_600_000).toISOString());
    const response = await fetch(`${run.url}/v1/deals`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
  });

  it('shows the inbox and its index without a token', async () => {
    for (const path of ['/_local', '/_local/inbox', '/health', '/docs', '/openapi.json']) {
      expect([path, (await fetch(run.url + path)).status]).toEqual([path, 200]);
    }
  });

  it('loses no acknowledged deal when it is killed, and finishes the work that was under way', async () => {
    const wins = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => winDeal(run, sales.repId, `Deal ${String(n)}`, 10_000 + n)),
    );
    await run.kill9();
    await run.restart();
    await run.idle();
    expect(await wonDeals()).toBe(wins.length);
    expect(await run.deadLetters()).toEqual([]);
  });

  it('counts every acknowledged deal once when it is killed in the middle of requests', async () => {
    const before = (await wonDeals()) ?? 0;
    let acknowledged = 0;
    const attempts = Array.from({ length: 40 }, async (_, n) => {
      await winDeal(run, sales.repId, `Interrupted ${String(n)}`, 10_000);
      acknowledged += 1;
      if (acknowledged === 10) await run.kill9();
    });
    await Promise.allSettled(attempts);
    await run.restart();
    await run.idle();
    const counted = ((await wonDeals()) ?? 0) - before;
    // A win may have been written without its answer having come through, but none that was answered is missing.
    expect(counted).toBeGreaterThanOrEqual(acknowledged);
    expect(counted).toBeLessThanOrEqual(40);
    expect(await create(run, '/v1/teams', { name: 'Still writing' })).toMatch(/^team_/);
  });
});
