import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import * as z from 'zod';
import type { StageName } from '../stage/settings.ts';
import { deployedClients, type AwsClients } from './aws-clients.ts';
import { Failed } from './refusals.ts';
import { findStack, type FoundStack } from './stack-lookup.ts';
import type { Target } from './target.ts';

const TokenAnswer = z.object({ access_token: z.string() });

/** A token by the client credentials of `operations`. Throws Failed when the stack has no such integration. */
const operationsToken = async (aws: AwsClients, { outputs }: FoundStack): Promise<string> => {
  const [pool, client, tokenUrl] = ['UserPoolId', 'ClientIdoperations', 'TokenUrl'].map((key) =>
    outputs.get(key),
  );
  if (pool === undefined || client === undefined || tokenUrl === undefined) {
    throw new Failed(
      'The stage has no integration “operations” to sign in with: see integrations in its settings.',
    );
  }
  const { UserPoolClient } = await aws.cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId: client }),
  );
  const basic = Buffer.from(`${client}:${UserPoolClient?.ClientSecret ?? ''}`).toString('base64');
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!response.ok) throw new Failed(`${tokenUrl} gave no token: it answered ${response.status}.`);
  return TokenAnswer.parse(await response.json()).access_token;
};

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Throws Failed when these are not the account and region that the stage’s settings name. */
export const checkPins = (stage: StageName, pins: Partial<Place>, { account, region }: Place): void => {
  if (pins.account !== undefined && pins.account !== account) {
    throw new Failed(
      `Stage ${stage} belongs to account ${pins.account}, and these credentials are of ${account}: set AWS_PROFILE=<profile> to its own.`,
    );
  }
  if (pins.region !== undefined && pins.region !== region) {
    throw new Failed(
      `Stage ${stage} belongs to ${pins.region}, and the region at hand is ${region}: set AWS_REGION=${pins.region}.`,
    );
  }
};

/** The stage deployed where the credentials lead. Throws Failed when it isn’t there, or isn’t the one its settings say. */
export const deployedTarget = async (stage: StageName): Promise<Target> => {
  const aws = deployedClients();
  const region = await aws.sts.config.region();
  const [{ Account: account = 'unknown' }, { stages }] = await Promise.all([
    aws.sts.send(new GetCallerIdentityCommand({})),
    // The settings know the CDK, which takes a while to load.
    import('../stage/stages.ts'),
  ]);
  checkPins(stage, stages[stage], { account, region });
  const stackName = `quotaline-${stage}`;
  const stack = await findStack(aws.cloudformation, stackName);
  if (stack === undefined) {
    throw new Failed(
      [
        `Stage ${stage} is not deployed here: account ${account}, region ${region} has no stack ${stackName}.`,
        `Look elsewhere with AWS_PROFILE=<profile> and AWS_REGION=<region>, or deploy it: npx cdk deploy -c stage=${stage}.`,
      ].join('\n'),
    );
  }
  return {
    ...stack,
    stage,
    account,
    region,
    stackStatus: stack.status,
    isProtected: stack.isProtected || stages[stage].protect,
    aws,
    flag: `--stage ${stage}`,
    token: () => operationsToken(aws, stack),
    now: () => Date.now(),
  };
};
