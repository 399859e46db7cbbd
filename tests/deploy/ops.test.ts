import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import { spawnOps } from '../support/spawned-ops.ts';
import { credentials } from './support/aws.ts';
import { type DeployedSystem, deploySystem } from './support/deployed-system.ts';
import { REGION } from './support/emulator.ts';
import type { EmulatorForTests } from './support/setup.ts';

const Kpis = z.object({ kpis: z.object({ wonDeals: z.object({ value: z.number().nullable() }) }) });

describe('operating the deployed stage', () => {
  let emulator: EmulatorForTests;
  let run: DeployedSystem;
  let sales: SalesOrganization;

  const ops = (line: string) =>
    spawnOps([...line.split(' '), '--stage', 'dev'], {
      AWS_ENDPOINT_URL: emulator.url,
      NODE_EXTRA_CA_CERTS: emulator.certificateFile,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
  const wonDeals = async (): Promise<number | null> => {
    const path = `/v1/metrics?scope=org&period=${new Date().getUTCFullYear()}&kpis=wonDeals`;
    return Kpis.parse((await run.request('GET', path)).body).kpis.wonDeals.value;
  };

  beforeAll(async () => {
    const running = inject('emulator');
    if (running === undefined) throw new Error('Run it in the project deploy');
    emulator = running;
    run = await deploySystem(emulator);
    sales = await salesOrganization(run);
  });
  afterAll(async () => {
    await run.stop();
  });

  it('finds everything well but the API’s address, which only AWS can resolve', async () => {
    const { out } = await ops('health');
    const unwell = out.split('\n').filter((line) => line.startsWith('!'));
    expect(unwell).toEqual([expect.stringContaining('ENOTFOUND')]);
    expect(out).toContain('goals-progress');
  });

  it('finds no dead letters', async () => {
    expect(await ops('dead-letters list')).toMatchObject({
      code: 0,
      out: expect.stringContaining('No dead letters') as string,
    });
  });

  it('keeps events from paused consumers, and lets them through again', async () => {
    expect((await ops('pause metrics --only consumers --apply')).code).toBe(0);
    await winDeal(run, sales.repId, 'Won while metrics stood still', 10_000);
    await expect(run.idle(3)).rejects.toThrow(/quotaline-dev-metrics-facts: 2 messages/);
    expect(await wonDeals()).toBe(0);
    expect((await ops('resume metrics --apply')).code).toBe(0);
    await run.idle();
    expect(await wonDeals()).toBe(1);
  });

  it('follows a deal from its request to its metrics', async () => {
    const dealId = await winDeal(run, sales.repId, 'Traced', 20_000);
    await run.idle();
    const { code, out } = await ops(`trace ${dealId}`);
    expect(code).toBe(0);
    for (const step of ['deals-api', 'deals-relay', 'metrics-facts']) expect(out).toContain(step);
  });
});
