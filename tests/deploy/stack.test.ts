import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { callWith } from '../support/http-calls.ts';
import { create, salesOrganization } from '../support/sales-organization.ts';
import { synthesized } from '../support/synthesized.ts';
import { templateLimits } from './emulator-limits.ts';
import { awsClient } from './support/aws.ts';
import { deploy, destroy } from './support/cdk.ts';
import { type DeployedSystem, deploySystem } from './support/deployed-system.ts';
import { leftovers } from './support/leftovers.ts';
import type { EmulatorForTests } from './support/setup.ts';

const STACK = 'quotaline-dev';

/** How many there are of each. */
const counts = (types: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]));

/** The answer to GET at an address whose name only the emulator knows. */
const getAt = async (emulator: EmulatorForTests, url: string) => {
  const { host, pathname } = new URL(url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(emulator.plainUrl + pathname, { headers: { host } }, resolve).on('error', reject);
  });
  return { status: response.statusCode, body: await text(response) };
};

describe('the stack, deployed by the CDK', () => {
  let emulator: EmulatorForTests;
  let run: DeployedSystem;

  beforeAll(async () => {
    const running = inject('emulator');
    if (running === undefined) throw new Error('Run it in the project deploy');
    emulator = running;
    run = await deploySystem(emulator);
  });
  afterAll(async () => {
    await run.stop();
  });

  const output = (name: string): string => {
    const value = run.outputs[name];
    if (value === undefined) throw new Error(`no output ${name}`);
    return value;
  };

  it('is there with every resource of the template but those that the emulator refuses', async () => {
    const deployed: string[] = [];
    const client = new CloudFormationClient(awsClient(emulator));
    for await (const page of paginateListStackResources({ client }, { StackName: STACK })) {
      deployed.push(...(page.StackResourceSummaries ?? []).map(({ ResourceType = '' }) => ResourceType));
    }
    const wanted = Object.values(synthesized().Resources)
      .filter(({ Type, Properties }) => {
        return !templateLimits.some((limit) => limit.change === 'out' && limit.concerns(Type, Properties));
      })
      .map(({ Type }) => Type);
    expect(counts(deployed)).toEqual(counts(wanted));
  });

  it('runs where roles decide who may do what, over TLS', async () => {
    const health = await fetch(`${emulator.url}/_ministack/health`);
    expect(await health.json()).toMatchObject({ auth: 'enabled' });
    expect(new URL(run.url).protocol).toBe('https:');
  });

  it('answers under the address that it tells', async () => {
    const answer = await getAt(emulator, `${output('ApiUrl')}/openapi.json`);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) as string });
  });

  it('lets the first people in as its documentation says: by the operations client, then by e-mail', async () => {
    const sales = await salesOrganization(run);
    const token = await run.memberToken(sales.managerEmail);
    const group = { UserPoolId: output('UserPoolId'), Username: sales.managerEmail, GroupName: 'manager' };
    const cognito = new CognitoIdentityProviderClient(awsClient(emulator));
    await cognito.send(new AdminAddUserToGroupCommand(group));
    const teams = await callWith(token, 'GET', `${run.url}/v1/teams`);
    expect(teams.status).toBe(200);
    expect(JSON.stringify(teams.body)).toContain(sales.teamId);
  });

  it('is not touched by a deployment of what is deployed', async () => {
    const { said, outputs } = await deploy(emulator, emulator.assembly, STACK);
    expect(said).toContain('no changes');
    expect(outputs).toEqual(run.outputs);
  });

  it('goes without leaving anything behind', async () => {
    await create(run, '/v1/teams', { name: 'To be gone' });
    await run.idle();
    expect(await leftovers(emulator, STACK)).not.toEqual([]);
    await run.stopWatching();
    await destroy(emulator, emulator.assembly, STACK);
    expect(await leftovers(emulator, STACK)).toEqual([]);
  });
});
