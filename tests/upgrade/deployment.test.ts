import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsClient } from '../deploy/support/aws.ts';
import { deploy, synthesize } from '../deploy/support/cdk.ts';
import { DeployedSystem, startAfresh } from '../deploy/support/deployed-system.ts';
import { startEmulator, type Emulator } from '../deploy/support/emulator.ts';
import { ownAddresses } from '../deploy/support/setup.ts';
import { STATEFUL } from '../infra/replacement.ts';
import { winDeal } from '../support/sales-organization.ts';
import { previousCommit } from './previous-commit.ts';
import { numbersOf, salesYear, told, type SalesYear } from './sales-year.ts';

const STACK = 'quotaline-dev';

/** The assembly of another tree's stack, fitted to the emulator by this tree's list: the other may have had none. */
const assemblyOf = async (tree: string, out: string): Promise<string> => {
  for (const file of ['app.ts', 'emulator-limits.ts'])
    cpSync(path.resolve(import.meta.dirname, '../deploy', file), path.join(tree, 'tests/deploy', file));
  await synthesize(out, { stage: 'dev', ...ownAddresses }, tree);
  return out;
};

/** By logical id, the names of all that holds something which can't be made again. */
const statefulNames = async (emulator: Emulator): Promise<Readonly<Record<string, string>>> => {
  const names: Record<string, string> = {};
  const client = new CloudFormationClient(awsClient(emulator));
  for await (const page of paginateListStackResources({ client }, { StackName: STACK })) {
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (STATEFUL.some((type) => type === ResourceType))
        names[LogicalResourceId ?? ''] = PhysicalResourceId ?? '';
    }
  }
  return names;
};

describe('the stack of the previous commit, with this one deployed over it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-upgrade-'));
  let emulator: Emulator;
  let run: DeployedSystem;
  let made: SalesYear;
  let before: Readonly<Record<string, unknown>>;
  let mailsBefore: number;
  let names: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const previous = await previousCommit();
    emulator = await startEmulator(path.join(folder, 'emulator'));
    const old = await assemblyOf(previous.folder, path.join(folder, 'previous'));
    await startAfresh(emulator);
    run = await DeployedSystem.deploy(emulator, old, STACK);
    made = await salesYear(run);
    before = await told(run, made);
    mailsBefore = (await run.mail()).length;
    names = await statefulNames(emulator);
  });
  afterAll(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has lost nothing, and does what was asked of it while it was replaced', async () => {
    const out = path.join(folder, 'this');
    await synthesize(out, { stage: 'dev', ...ownAddresses });
    // Acknowledged by the old functions; some of what follows is done by the new ones.
    const lateId = await winDeal(run, made.sales.repId, 'Won in the last second', 50_000);
    await deploy(emulator, out, STACK);
    await run.idle();
    expect((await run.request('GET', `/v1/deals/${lateId}`)).body).toMatchObject({ status: 'won' });
    expect(await told(run, made)).toMatchObject(before);
    const numbers = await numbersOf(run, 'org');
    expect(numbers).toMatchObject({ wonRevenue: 650_000, wonDeals: 2, openDeals: 3 });
    expect(await numbersOf(run, `rep:${made.sales.repId}`)).toEqual(numbers);
  });

  it('has the tables, users, queues and whatever else holds something that it had', async () => {
    expect(await statefulNames(emulator)).toMatchObject(names);
  });

  it('goes on: what was open can be won, and the goal and its mails follow', async () => {
    expect((await run.request('POST', `/v1/deals/${made.openId}/win`, {})).status).toBe(200);
    await run.idle();
    expect(await numbersOf(run, 'org')).toMatchObject({ wonRevenue: 1_130_000, wonDeals: 3, openDeals: 2 });
    const mails = await run.mail();
    expect(mails.length).toBeGreaterThan(mailsBefore);
    expect(mails.at(-1)?.text).toContain('100');
    expect(await run.deadLetters()).toEqual([]);
  });
});
