import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as Lambda,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../shared/observability/metric-table.ts';
import { named, type StageConfig } from '../stage.ts';
import { wildcards, type WildcardName } from '../wildcards.ts';
import { flatArn } from './flat-arn.ts';
import { OwnRole } from './own-role.ts';

/** Where the bundled code of `<service>-<function>` lies. */
export type BundleFolder = (name: string) => string;

export interface FunctionSettings {
  /** CPU grows with it. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Hands itself the next page of a long job, up to a limit of its own. */
  readonly handsItselfPages?: boolean;
}

const NOTHING_TO_KEEP =
  'Called by the API, sign-in or a mapping, which wait for the answer; or by a schedule, whose next turn comes anyway.';

interface ServiceFunctionProps extends FunctionSettings {
  readonly stage: StageConfig;
  /** `deals`; absent for a function that belongs to no service. */
  readonly service?: string;
  /** `api` */
  readonly name: string;
  readonly bundles: BundleFolder;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * One bundled handler with a role, a log group and traces of its own. It may do nothing until it is told what, in
 * named actions on named resources; a pattern instead of a name must be on the list of wildcards.
 */
export class ServiceFunction extends Construct {
  /** `deals`; a function that belongs to no service goes by its own name. Its metrics bear it as `service`. */
  readonly service: string;
  /** `deals-api` */
  readonly unit: string;
  readonly lambda: Lambda;
  readonly logs: LogGroup;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { stage } = props;
    const unit = [...(props.service === undefined ? [] : [props.service]), props.name];
    const functionName = named(stage, ...unit);
    this.service = props.service ?? props.name;
    this.unit = unit.join('-');
    this.timeout = Duration.seconds(props.timeoutSeconds);

    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logRetention,
      removalPolicy: stage.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.logs = logGroup;
    const role = new OwnRole(this, 'Role', new ServicePrincipal('lambda.amazonaws.com'));
    logGroup.grantWrite(role);
    this.lambda = new Lambda(this, 'Function', {
      functionName,
      role,
      logGroup,
      code: Code.fromAsset(props.bundles(this.unit)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: this.timeout,
      tracing: Tracing.ACTIVE,
      ...(props.handsItselfPages === true ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      environment: {
        STAGE: stage.stage,
        SERVICE: this.service,
        LOG_LEVEL: stage.logLevel,
        POWERTOOLS_SERVICE_NAME: this.service,
        POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
        ...props.environment,
      },
    });

    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: `${wildcards.tracing.reason} ${wildcards.streamNames.reason}`,
      },
      {
        id: 'Serverless-LambdaStarPermissions',
        reason: `Every pattern is on the list of wildcards, each with its reason. ${wildcards.tracing.reason}`,
      },
      { id: 'Serverless-LambdaDLQ', reason: NOTHING_TO_KEEP },
      { id: 'Serverless-LambdaAsyncFailureDestination', reason: NOTHING_TO_KEEP },
    );
  }

  /** Allows named actions on named resources. */
  may(actions: readonly string[], resources: readonly string[]): void {
    for (const resource of resources) {
      if (flatArn(this, resource).includes('*')) throw new Error(`${resource} is a pattern: use mayWithin`);
    }
    this.#allow(actions, resources);
  }

  /** Allows some of a listed wildcard's actions on the given pattern. */
  mayWithin<Name extends WildcardName>(
    wildcard: Name,
    actions: readonly (typeof wildcards)[Name]['actions'][number][],
    pattern: string,
  ): void {
    const { resource, reason } = wildcards[wildcard];
    const flat = flatArn(this, pattern);
    if (!resource.test(flat)) throw new Error(`${flat} is not what the wildcard “${wildcard}” stands for`);
    this.#allow(actions, [pattern]);
    if (flat !== '*')
      Validations.of(this).acknowledge({ id: `AwsSolutions-IAM5[Resource::${flat}]`, reason });
  }

  setEnvironment(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) this.lambda.addEnvironment(name, value);
  }

  #allow(actions: readonly string[], resources: readonly string[]): void {
    if (actions.some((action) => action.includes('*'))) {
      throw new Error(`Name the actions instead of ${actions.join(', ')} in ${Stack.of(this).stackName}`);
    }
    this.lambda.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}
