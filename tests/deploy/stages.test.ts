import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { callWith } from '../support/http-calls.ts';
import { salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import { destroy, synthesize } from './support/cdk.ts';
import { DeployedSystem, reset, startAfresh } from './support/deployed-system.ts';
import { leftovers } from './support/leftovers.ts';
import { type EmulatorForTests, ownAddresses } from './support/setup.ts';

const Listed = z.object({ items: z.array(z.unknown()) });
const Kpis = z.object({ kpis: z.object({ wonDeals: z.object({ value: z.number().nullable() }) }) });

describe('two stages in one account', () => {
  let emulator: EmulatorForTests;
  let dev: DeployedSystem;
  let staging: DeployedSystem;
  let stagingAssembly: string;
  let sales: SalesOrganization;
  const year = String(new Date().getUTCFullYear());

  const wonDeals = async (run: DeployedSystem): Promise<number | null> => {
    const answer = await run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=wonDeals`);
    return Kpis.parse(answer.body).kpis.wonDeals.value;
  };
  const teams = async (run: DeployedSystem) =>
    Listed.parse((await run.request('GET', '/v1/teams')).body).items;

  beforeAll(async () => {
    const running = inject('emulator');
    if (running === undefined) throw new Error('Run it in the project deploy');
    emulator = running;
    stagingAssembly = path.join(mkdtempSync(path.join(path.dirname(emulator.assembly), 'staging-')), 'out');
    await synthesize(stagingAssembly, {
      stage: 'staging',
      ...ownAddresses,
      // See the limits: the emulator has no DKIM tokens. An account has each address once.
      mailIdentity: 'address',
      mailFrom: 'staging@acme.com',
      callbackUrl: 'https://staging.sales.acme.com/signed-in',
    });
    await startAfresh(emulator);
    dev = await DeployedSystem.deploy(emulator, emulator.assembly, 'quotaline-dev');
    staging = await DeployedSystem.deploy(emulator, stagingAssembly, 'quotaline-staging');
    sales = await salesOrganization(dev);
    await winDeal(dev, sales.repId, 'Of dev alone', 10_000);
    await dev.idle();
  });
  afterAll(async () => {
    await reset(emulator);
  });

  it('know nothing of one another’s people, deals and numbers', async () => {
    await staging.idle();
    expect(await teams(dev)).toHaveLength(1);
    expect(await teams(staging)).toEqual([]);
    expect(await wonDeals(dev)).toBe(1);
    expect(await wonDeals(staging)).toBe(0);
  });

  it('take no token of one another', async () => {
    const deals = await callWith(await dev.token(), 'GET', `${staging.url}/v1/deals`);
    expect(deals).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
    const stranger = await staging.memberToken(sales.repEmail);
    expect((await callWith(stranger, 'GET', `${staging.url}/v1/deals`)).status).toBe(403);
  });

  it('work on when the other goes', async () => {
    await staging.stopWatching();
    await destroy(emulator, stagingAssembly, 'quotaline-staging');
    expect(await leftovers(emulator, 'quotaline-staging')).toEqual([]);
    await winDeal(dev, sales.repId, 'Won alone', 20_000);
    await dev.idle();
    expect(await wonDeals(dev)).toBe(2);
  });
});
