import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { operate } from '../support/operator.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import { spawnOps, type SpawnedOps } from '../support/spawned-ops.ts';

let run: LocalRun;
let sales: SalesOrganization;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quotaline-ops-'));
  run = await startLocalRun(['--keep-history']);
  sales = await salesOrganization(run);
});
afterAll(async () => {
  await run.stop();
  await rm(folder, { recursive: true, force: true });
});

const ops = (line: string): Promise<SpawnedOps> => spawnOps([...line.split(' '), '--local', run.url]);

/** The standard output of a command that must succeed. */
const done = async (line: string): Promise<string> => {
  const ended = await ops(line);
  expect(ended, line).toMatchObject({ code: 0 });
  return ended.out;
};

const wonDeals = async (): Promise<number> => {
  const year = String(new Date().getUTCFullYear());
  const { body } = await run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=wonDeals`);
  const Answer = z.object({ kpis: z.object({ wonDeals: z.object({ value: z.number().nullable() }) }) });
  return Answer.parse(body).kpis.wonDeals.value ?? 0;
};

const setFault = async (fault: 'error' | null): Promise<void> => {
  const body = JSON.stringify({ function: 'metrics-facts', fault });
  const response = await fetch(`${run.url}/_local/faults`, { method: 'POST', body });
  expect(response.status).toBe(200);
};

describe('operating somewhere that isn’t there', () => {
  it('says how to start a local run', async () => {
    const ended = await spawnOps(['health', '--local', 'http://localhost:9']);
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('npm start') as string });
  });
  it('asks for a place when none is given, and knows the stages', async () => {
    expect(await spawnOps(['health'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--stage') as string,
    });
    expect(await spawnOps(['health', '--stage', 'prd'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean prod?') as string,
    });
  });
  it('says that there are no credentials, without a stack trace', async () => {
    const ended = await spawnOps(['health', '--stage', 'dev'], {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(ended).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^No AWS credentials: .*\n$/) as string,
    });
  });
});

describe('operating a local run', () => {
  it('finds everything well', async () => {
    const ended = await ops('health');
    expect(ended).toMatchObject({ code: 0, err: expect.stringContaining('health on local') as string });
    expect(ended.out).toMatch(/queue +metrics-facts +0 waiting, 0 in flight, 0 dead letters/);
    expect(ended.out).toMatch(/function +deals-api +0 errors, 0 throttles/);
    expect(await done('alarms')).toBe('No alarm is raised.\n');
  });

  it('follows a won deal from its request to its metrics', async () => {
    const deal = await winDeal(run, sales.repId, 'Ravioli', 120_000);
    await run.idle();
    const way = await done(`trace ${deal}`);
    expect(way).toMatch(/\+0 ms +deals-api +Request done +\S+ .*POST/);
    expect(way).toMatch(/ ms +deals-relay +Event relayed +deal_/);
    expect(way).toMatch(/ ms +metrics-facts +Event taken in +deal_/);
    const Chains = z.array(
      z.object({ correlationId: z.string(), steps: z.array(z.object({ unit: z.string() })) }),
    );
    const chains = Chains.parse(JSON.parse(await done(`trace ${deal} --json`)));
    expect(chains.length).toBeGreaterThan(0);
    const [first] = chains;
    expect(await done(`trace ${first?.correlationId ?? ''}`)).toContain(deal);
  });

  it('says when nothing is known of an id', async () => {
    expect(await ops('trace deal_nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--from') as string,
    });
  });

  describe('with dead letters', () => {
    let before: number;
    let deal: string;
    /** Those that this is about; the audit can’t read the bad event either. */
    const letters = async () =>
      (await run.deadLetters()).filter(({ queue }) => queue.includes('metrics-facts'));
    beforeAll(async () => {
      before = await wonDeals();
      await setFault('error');
      deal = await winDeal(run, sales.repId, 'Gnocchi', 50_000);
      const metadata = { id: 'evt_bad', subject: 'deal_bad', correlationId: 'cor-bad' };
      const detail = { metadata, data: { secret: 'jo@example.com' } };
      await run.events([{ source: 'quotaline.deals', detailType: 'DealWon.v1', detail }]);
      await run.idle(120);
      await setFault(null);
    });

    it('lists and shows them, and their bodies only when asked', async () => {
      expect(await done('dead-letters list')).toMatch(/metrics-facts +[1-9]/);
      const shown = await done('dead-letters show metrics-facts');
      expect(shown).toContain(deal);
      expect(shown).toMatch(
        /DealWon\.v1 +deal_bad\n.*received \d+ times\n +event evt_bad\n +correlation cor-bad/,
      );
      expect(shown).not.toContain('jo@example.com');
      expect(await done('dead-letters show metrics-facts --body --only evt_bad')).toContain('jo@example.com');
      expect(await done('dead-letters show metrics-facts --only deal_other')).toContain(
        'no such dead letters',
      );
      const health = await ops('health');
      expect(health.code).toBe(1);
      expect(health.out).toMatch(/! +queue +metrics-facts/);
    });

    it('drops what can never be read, after keeping a copy', async () => {
      const drop = `dead-letters drop metrics-facts --only evt_bad --keep ${folder}`;
      const all = await run.deadLetters();
      expect(await done(drop)).toContain('Would drop 1: DealWon.v1 × 1');
      expect(await run.deadLetters()).toHaveLength(all.length);
      expect(await done(`${drop} --apply`)).toContain('Dropped 1');
      expect(await run.deadLetters()).toHaveLength(all.length - 1);
      const [file = ''] = await readdir(folder);
      const kept = await readFile(join(folder, file), 'utf8');
      expect(z.object({ body: z.string() }).parse(JSON.parse(kept)).body).toContain('jo@example.com');
    });

    it('puts back the others once their cause is gone, and then they count', async () => {
      const fixed = await letters();
      const redrive = 'dead-letters redrive metrics-facts';
      expect(await done(redrive)).toContain(`Would put back ${fixed.length}`);
      const stopped = await operate(run, `${redrive} --apply`, AbortSignal.abort());
      expect(stopped).toMatchObject({
        code: 1,
        err: expect.stringContaining('goes on with the rest') as string,
      });
      expect(await letters()).toHaveLength(fixed.length);

      expect(await done(`${redrive} --apply`)).toContain(`Put back ${fixed.length}`);
      await run.idle();
      expect(await letters()).toEqual([]);
      for (const queue of ['team-audit', 'deals-commerce'])
        await done(`dead-letters drop ${queue} --only evt_bad --keep ${folder} --apply`);
      expect(await run.deadLetters()).toEqual([]);
      expect(await wonDeals()).toBe(before + 1);
    });
  });

  it('keeps events and requests from a paused service, and lets both through again', async () => {
    const before = await wonDeals();
    expect(await done('pause metrics')).toContain('Would pause');
    expect(await wonDeals()).toBe(before);
    expect(await done('pause metrics --apply')).toContain('Paused');
    expect(await done('pause metrics --apply')).toBe('metrics is paused already.\n');
    expect((await run.request('GET', '/v1/metrics?scope=org')).status).toBe(503);
    await winDeal(run, sales.repId, 'Orecchiette', 70_000);
    await run.idle();
    const health = await ops('health');
    expect(health.code).toBe(1);
    expect(health.out).toMatch(
      /! +service +metrics .*quotaline-dev-metrics-facts is Disabled.*metrics-api takes no requests/,
    );
    expect(health.out).toMatch(/queue +metrics-facts +[1-9]\d* waiting/);

    expect(await done('resume metrics --apply')).toContain('Resumed');
    expect(await done('resume metrics --apply')).toBe('metrics is not paused.\n');
    await run.idle();
    expect(await wonDeals()).toBe(before + 1);
  });

  it('replays a window to one consumer, which has everything already', async () => {
    const from = new Date();
    const deal = await winDeal(run, sales.repId, 'Farfalle', 20_000);
    await run.idle();
    const before = await wonDeals();
    const to = new Date();
    const window = (from: Date, until: Date) =>
      `--from ${from.toISOString()} --to ${until.toISOString()} --consumer metrics-facts`;
    expect(await done(`replay ${window(from, to)}`)).toContain('Would replay');
    expect(await done('replay list')).toBe('Nothing was replayed.\n');
    expect(await done(`replay ${window(from, to)} --apply`)).toContain('into quotaline-dev-metrics-facts');
    await run.idle();
    expect(await done('replay list')).toMatch(/quotaline-dev-metrics-facts-\S+ +COMPLETED +100 %/);
    expect(await done(`trace ${deal}`)).toMatch(/metrics-facts +Event taken in .*outcome=duplicate/);
    expect(await wonDeals()).toBe(before);

    expect(await ops(`replay ${window(to, from)}`)).toMatchObject({ code: 2 });
    const longAgo = new Date(to.getTime() - 40 * 86_400_000);
    expect(await ops(`replay ${window(longAgo, to)}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('it reaches back to') as string,
    });
    expect(await ops(`replay ${window(from, to).replace('facts', 'fact')}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean metrics-facts?') as string,
    });
  });

  it('shows what a relay parked, and drops it after keeping a copy', async () => {
    expect(await done('parked list')).toBe('Nothing is parked.\n');
    const View = z.object({ findings: z.array(z.object({ area: z.string(), what: z.string() })) });
    const { findings } = View.parse(JSON.parse((await ops('health --json')).out));
    const bucket = findings.find(({ area }) => area === 'parked')?.what ?? '';
    const key = 'parked/deals/2026-11-24/evt_1.json';
    await fetch(`${run.url}/_aws/s3/${bucket}/${key}`, {
      method: 'PUT',
      body: JSON.stringify({ id: 'evt_1', reason: 'Too large', record: {}, at: '2026-11-24T00:00:00Z' }),
    });
    expect(await done('parked list deals')).toContain(key);
    expect(await done('parked list goals')).toBe('Nothing is parked.\n');
    expect(await done(`parked show ${key}`)).toContain('Too large');
    expect(await done(`parked drop ${key} --keep ${folder} --apply`)).toContain('Dropped');
    expect(await ops(`parked show ${key}`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no') as string,
    });
  });

  it('exports tables into the bucket', async () => {
    expect(await done('export all')).toContain('Would export deals, goals, metrics, team');
    expect(await done('export deals --apply')).toMatch(
      /^deals: [1-9]\d* items in s3:\/\/\S+\/exports\/deals\/\d{8}T\d{6}Z\/$/m,
    );
  });
});
