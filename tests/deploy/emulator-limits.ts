import { type CfnResource, Stack } from 'aws-cdk-lib';
import { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import * as z from 'zod';

/** Where it is proven without the emulator: a test by its file and its title. */
export interface Proof {
  readonly file: string;
  readonly title: string;
}

/** Something that the emulator can't do, or does otherwise than AWS. */
export interface Limit {
  /** As the README's table calls it. */
  readonly what: string;
  readonly reason: string;
  readonly proofs: readonly Proof[];
}

/** A limit that keeps the stack from being deployed or from working, and what is done about it. */
export interface TemplateLimit extends Limit {
  /** Whether it is about this resource; asked with what the resource says in the template. */
  concerns(resource: CfnResource, properties: unknown): boolean;
  /** `out`: it is not deployed. Otherwise it is, with this change. */
  readonly change: 'out' | ((resource: CfnResource, properties: unknown) => void);
  /** The least resource that shows a refusal: the emulator must refuse it in these words. */
  readonly shownBy?: {
    readonly type: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly says: RegExp;
  };
}

const refusedType = (type: string, proofs: readonly Proof[]): TemplateLimit => ({
  what: type,
  reason: 'its CloudFormation knows no such type',
  concerns: (resource) => resource.cfnResourceType === type,
  change: 'out',
  shownBy: { type, properties: {}, says: new RegExp(`Unsupported resource type: ${type}`) },
  proofs,
});

const Alarm = z.looseObject({ Metrics: z.array(z.unknown()) });

const Policy = z.looseObject({
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Action: z.unknown() })) }),
});

/** The positions of the statements that allow mailing. */
const mailStatements = (properties: unknown): readonly number[] => {
  const policy = Policy.safeParse(properties);
  if (!policy.success) return [];
  return policy.data.PolicyDocument.Statement.flatMap(({ Action }, index) =>
    [Action].flat().includes('ses:SendEmail') ? [index] : [],
  );
};

const poolOf = (resource: CfnResource): CfnUserPool => {
  const pool = Stack.of(resource)
    .node.findAll()
    .find((node) => node instanceof CfnUserPool);
  if (pool === undefined) throw new Error('The stack has no user pool to take tokens of');
  return pool;
};

/** What the deploy test takes out of the stack, or changes in it. The stack itself knows nothing of this. */
export const templateLimits: readonly TemplateLimit[] = [
  refusedType('AWS::Events::Archive', [
    {
      file: 'tests/e2e/local-control-replay.test.ts',
      title: 'keeps every event in the archive that the stack declares',
    },
  ]),
  refusedType('AWS::Logs::QueryDefinition', [
    {
      file: 'tests/e2e/traces.test.ts',
      title: 'is found from the request to the mail by the correlation id that the caller gave',
    },
  ]),
  {
    what: 'AWS::CloudWatch::Alarm on several metrics',
    reason: 'its CloudFormation refuses metric math',
    concerns: (resource, properties) =>
      resource.cfnResourceType === 'AWS::CloudWatch::Alarm' && Alarm.safeParse(properties).success,
    change: 'out',
    shownBy: {
      type: 'AWS::CloudWatch::Alarm',
      properties: {
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Threshold: 0,
        Metrics: [{ Id: 'sum', Expression: '1 + 1' }],
      },
      says: /metric math\) is not supported/,
    },
    proofs: [
      {
        file: 'tests/infra/dead-ends.test.ts',
        title: 'tells somebody of the errors and throttles of every function',
      },
    ],
  },
  {
    what: 'AWS::ApiGatewayV2::Authorizer: issuer',
    reason: 'a user pool tells no ProviderURL; the same address is put together from its parts',
    concerns: (resource) => resource.cfnResourceType === 'AWS::ApiGatewayV2::Authorizer',
    change: (resource) => {
      const pool = Stack.of(resource).getLogicalId(poolOf(resource));
      resource.addPropertyOverride('JwtConfiguration.Issuer', {
        'Fn::Sub': `https://cognito-idp.\${AWS::Region}.\${AWS::URLSuffix}/\${${pool}}`,
      });
    },
    proofs: [{ file: 'tests/infra/routes.test.ts', title: 'takes tokens of the stage’s own clients alone' }],
  },
  {
    what: 'AWS::IAM::Policy: ses:SendEmail',
    reason:
      'it asks for the right to mail on `*`, whatever the sender; it is widened for the one role that has it',
    concerns: (resource, properties) =>
      resource.cfnResourceType === 'AWS::IAM::Policy' && mailStatements(properties).length > 0,
    change: (resource, properties) => {
      for (const index of mailStatements(properties))
        resource.addPropertyOverride(`PolicyDocument.Statement.${index}.Resource`, '*');
    },
    proofs: [
      {
        file: 'tests/infra/least-privilege.test.ts',
        title: 'allows named actions only, and patterns only where the list gives a reason',
      },
    ],
  },
];

/** What is deployed as it is, but does not do there what it does on AWS. */
export const behaviourLimits: readonly Limit[] = [
  {
    what: 'Partial answers of a stream’s batch',
    reason: 'the emulator passes by the records that a relay could not publish',
    proofs: [
      { file: 'tests/unit/events/relay.test.ts', title: 'stop the batch at the first record concerned' },
      {
        file: 'tests/integration/events/relay.test.ts',
        title: 'a relay that stopped goes on from there, and the events keep their ids',
      },
    ],
  },
  {
    what: 'Retries and dead letters of a rule’s target',
    reason: 'the emulator delivers once, and drops what can’t be delivered',
    proofs: [{ file: 'tests/infra/dead-ends.test.ts', title: 'keeps what a rule can’t deliver' }],
  },
  {
    what: 'Throttles of the API',
    reason: 'the emulator lets every request through',
    proofs: [
      {
        file: 'tests/infra/routes.test.ts',
        title: 'throttles webhooks by themselves, and opens to no browser unless told',
      },
    ],
  },
  {
    what: 'The end of a token’s life',
    reason: 'the emulator’s clock can’t be moved, and five minutes are long',
    proofs: [{ file: 'tests/e2e/local-run.test.ts', title: 'refuses a token that has expired' }],
  },
];
