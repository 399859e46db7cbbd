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
  /** Whether it is about a resource of this type, with these properties in the template. */
  concerns(type: string, properties: unknown): boolean;
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
  concerns: (each) => each === type,
  change: 'out',
  shownBy: { type, properties: {}, says: new RegExp(`Unrecognized resource types: \\[${type}\\]`) },
  proofs,
});

const AlarmOnSeveral = z.looseObject({
  Metrics: z.array(
    z.looseObject({
      MetricStat: z
        .looseObject({
          Metric: z.looseObject({
            MetricName: z.string(),
            Namespace: z.string(),
            Dimensions: z.array(z.unknown()).default([]),
          }),
          Period: z.number(),
          Stat: z.string(),
        })
        .optional(),
    }),
  ),
});

/** Lets an alarm watch the first of its metrics alone. */
const watchFirstMetric = (resource: CfnResource, properties: unknown): void => {
  const { Metrics } = AlarmOnSeveral.parse(properties);
  const first = Metrics.flatMap(({ MetricStat }) => MetricStat ?? [])[0];
  if (first === undefined) throw new Error(`${resource.node.path} watches no metric`);
  const { Metric, Period, Stat } = first;
  resource.addPropertyDeletionOverride('Metrics');
  for (const [name, value] of Object.entries({ ...Metric, Period, Statistic: Stat }))
    resource.addPropertyOverride(name, value);
};

const Role = z.looseObject({
  Policies: z.array(
    z.looseObject({
      PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Action: z.unknown() })) }),
    }),
  ),
});

/** Where in a role the statements stand that allow mailing. */
const mailStatements = (properties: unknown): readonly string[] => {
  const role = Role.safeParse(properties);
  if (!role.success) return [];
  return role.data.Policies.flatMap(({ PolicyDocument: { Statement } }, policy) =>
    Statement.flatMap(({ Action }, index) =>
      [Action].flat().includes('ses:SendEmail')
        ? [`Policies.${policy}.PolicyDocument.Statement.${index}`]
        : [],
    ),
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
      file: 'tests/e2e/local-control-logs.test.ts',
      title: 'follows a deal through all functions, oldest line first',
    },
  ]),
  {
    what: 'AWS::CloudWatch::Alarm on several metrics',
    reason: 'its CloudFormation refuses metric math; it watches the first of them',
    concerns: (type, properties) =>
      type === 'AWS::CloudWatch::Alarm' && AlarmOnSeveral.safeParse(properties).success,
    change: watchFirstMetric,
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
    concerns: (type) => type === 'AWS::ApiGatewayV2::Authorizer',
    change: (resource) => {
      const pool = Stack.of(resource).getLogicalId(poolOf(resource));
      resource.addPropertyOverride('JwtConfiguration.Issuer', {
        'Fn::Sub': `https://cognito-idp.\${AWS::Region}.\${AWS::URLSuffix}/\${${pool}}`,
      });
    },
    proofs: [{ file: 'tests/infra/routes.test.ts', title: 'takes tokens of the stage’s own clients alone' }],
  },
  {
    what: 'AWS::IAM::Role: ses:SendEmail',
    reason:
      'it asks for the right to mail on `*`, whatever the sender; it is widened for the one role that has it',
    concerns: (type, properties) => type === 'AWS::IAM::Role' && mailStatements(properties).length > 0,
    change: (resource, properties) => {
      for (const statement of mailStatements(properties))
        resource.addPropertyOverride(`${statement}.Resource`, '*');
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
    what: 'Batching windows of queues',
    reason: 'the emulator hands a message on at once: more goes on at the same time than on AWS',
    proofs: [
      {
        file: 'tests/infra/shape.test.ts',
        title: 'is the recorded one in %s: record a wanted change with npm run template:record',
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
    what: 'DKIM records of the sender’s domain',
    reason: 'the identity of a domain tells no tokens there; staging is deployed with an address',
    proofs: [
      {
        file: 'tests/infra/stage-mail.test.ts',
        title: 'is a whole domain, whose three DKIM records the stack tells',
      },
    ],
  },
  {
    what: 'The end of a token’s life',
    reason: 'the emulator’s clock can’t be moved, and five minutes are long',
    proofs: [{ file: 'tests/e2e/local-run.test.ts', title: 'refuses a token that has expired' }],
  },
];
