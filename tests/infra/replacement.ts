import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Resource, Template } from '../support/synthesized.ts';

/** What holds something that can't be made again: data, users, messages, history, or a name that others know. */
export const STATEFUL = [
  'AWS::ApiGatewayV2::Api',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolResourceServer',
  'AWS::DynamoDB::Table',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
] as const;

export type Resources = Readonly<Record<string, Resource>>;

const isStateful = (type: string): boolean => (STATEFUL as readonly string[]).includes(type);

/** The stateful resources of a template, without what the CDK notes beside them. */
export const statefulOf = ({ Resources: all }: Template): Resources =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([, { Type }]) => isStateful(Type))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { Type, Properties, DeletionPolicy, UpdateReplacePolicy }]) => [
        id,
        {
          Type,
          Properties,
          ...(DeletionPolicy && { DeletionPolicy }),
          ...(UpdateReplacePolicy && { UpdateReplacePolicy }),
        },
      ]),
  );

const HARMLESS: ReadonlySet<ResourceImpact> = new Set([
  ResourceImpact.NO_CHANGE,
  ResourceImpact.WILL_UPDATE,
  ResourceImpact.WILL_CREATE,
]);

/** What a deployment of `next` over `before` would replace or remove, a line each: `<logical id>: <impact> by <properties>`. */
export const losses = (before: Resources, next: Resources): readonly string[] => {
  const lost: string[] = [];
  fullDiff({ Resources: before }, { Resources: next }).resources.forEachDifference((id, change) => {
    if (HARMLESS.has(change.changeImpact)) return;
    const properties = Object.keys(change.propertyUpdates);
    lost.push(
      `${id}: ${change.changeImpact}${properties.length === 0 ? '' : ` by ${properties.join(', ')}`}`,
    );
  });
  return lost;
};

/** Another value of the same kind, as far as a template's text goes. */
const another = (value: unknown): unknown => {
  if (typeof value === 'string') return `${value}-other`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...(value as readonly unknown[]), 'other'];
  return { ...(value as object), Other: 'other' };
};

/** The properties in use of a resource whose change replaces it, for certain or perhaps. */
const replacingProperties = (id: string, resource: Resource): readonly string[] =>
  Object.entries(resource.Properties)
    .filter(([name, value]) => {
      const changed = { ...resource, Properties: { ...resource.Properties, [name]: another(value) } };
      return losses({ [id]: resource }, { [id]: changed }).length > 0;
    })
    .map(([name]) => name);

/** Properties that give a resource a name of its own: a second one can't be made beside it under that name. */
const NAMES = [
  'TableName',
  'QueueName',
  'Name',
  'ArchiveName',
  'TopicName',
  'LogGroupName',
  'Domain',
  'EmailIdentity',
];

/** Of each resource: which changes would replace it, and what would become of the one that is there. */
export const replacementPlan = (resources: Resources): string =>
  Object.entries(resources)
    .map(([id, resource]) => {
      const by = replacingProperties(id, resource);
      const kept = resource.UpdateReplacePolicy === 'Retain' ? 'the old one stays' : 'the old one goes';
      const isNamed = by.some((property) => NAMES.includes(property));
      return [
        `${id}  ${resource.Type}`,
        `  replaced by a change of: ${by.length === 0 ? 'nothing that is set' : by.join(', ')}`,
        `  then: ${kept}${isNamed ? '; under the same name CloudFormation refuses to make the new one' : ''}`,
      ].join('\n');
    })
    .join('\n\n') + '\n';
