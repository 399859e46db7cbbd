import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { StageName } from '../stage/settings.ts';
import type { Settings } from '../stage/stages.ts';
import { deployedClients } from './aws-clients.ts';
import { Failed } from './refusals.ts';
import { findStack } from './stack-lookup.ts';
import type { Target } from './target.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Throws Failed when these are not the account and region that the stage’s settings name. */
export const checkPins = (
  stage: StageName,
  pins: Pick<Settings, 'account' | 'region'>,
  { account, region }: Place,
): void => {
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
    now: () => Date.now(),
  };
};
