import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import * as z from 'zod';
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

/** The stage deployed where the credentials lead. Throws Failed when it isn’t there. */
export const deployedTarget = async (stage: string): Promise<Target> => {
  const aws = deployedClients();
  const region = await aws.sts.config.region();
  const { Account: account = 'unknown' } = await aws.sts.send(new GetCallerIdentityCommand({}));
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
    isProtected: stack.isProtected || stage === 'prod',
    aws,
    flag: `--stage ${stage}`,
    token: () => operationsToken(aws, stack),
    now: () => Date.now(),
  };
};
