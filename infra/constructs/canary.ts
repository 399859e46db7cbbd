import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { named, type StageConfig } from '../stage.ts';
import type { Alarms } from './alarms.ts';
import { counted } from './counted.ts';
import { scheduled } from './scheduled.ts';
import { ServiceFunction, type BundleFolder } from './service-function.ts';
import type { SignIn } from './sign-in.ts';

/** A turn that takes longer has failed, however far apart the turns are. */
const LONGEST_TURN_SECONDS = 180;
/** One turn may fall into a deployment; three in a row have a cause. */
const TURNS = 3;

interface CanaryProps {
  readonly stage: StageConfig;
  readonly everyMinutes: number;
  readonly bundles: BundleFolder;
  readonly apiUrl: string;
  readonly signIn: SignIn;
  readonly alarms: Alarms;
}

/**
 * Another system among the others: signs in with credentials of its own, wins a deal every so many minutes and waits until
 * its metric shows it. The alarm goes off when no turn succeeds any more, and when none is taken.
 */
export class Canary extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, everyMinutes, bundles, apiUrl, signIn, alarms }: CanaryProps,
  ) {
    super(scope, id);
    const client = signIn.integrations.get('canary');
    if (client === undefined) throw new Error('The canary has no integration to sign in as');
    const turn = new ServiceFunction(this, 'Turn', {
      stage,
      name: 'canary',
      bundles,
      memoryMb: 512,
      timeoutSeconds: Math.min(everyMinutes * 60, LONGEST_TURN_SECONDS),
      environment: {
        API_URL: apiUrl,
        TOKEN_URL: signIn.tokenUrl,
        USER_POOL_ID: signIn.poolId,
        CLIENT_ID: client.userPoolClientId,
      },
    });
    // It runs in one minute of several: three failing minutes on end never come.
    alarms.watch(turn, 'canary', [turn], 1);
    turn.may(['cognito-idp:DescribeUserPoolClient'], [signIn.poolArn]);
    scheduled(turn, {
      name: named(stage, 'canary'),
      description: 'Lets the canary take its turn',
      everyMinutes,
      // Where the schedule stood before it was shared: a move would replace it.
      scope: this,
    });

    alarms.raise(this, 'Silent', {
      name: 'canary',
      says: `A won deal does not reach its metric any more: no turn of the canary succeeded in ${String(TURNS * everyMinutes)} minutes.`,
      runbook: 'canary',
      metric: counted('CanarySucceeded', 'canary', Duration.minutes(everyMinutes)),
      below: 1,
      periods: TURNS,
    });
  }
}
