import { wildcards } from '../../infra/wildcards.ts';
import { at, flat, listOf, logicalId, ofType, type Template } from '../support/synthesized.ts';

interface Permission {
  /** Logical id of the function. */
  readonly fn: string;
  readonly service: string;
  readonly actions: readonly string[];
  /** Flattened. */
  readonly resources: readonly string[];
  readonly statement: unknown;
}

/** Everything that each function's role allows, wherever it is written. */
export const permissions = (template: Template): readonly Permission[] => {
  const roles = statementsOfRoles(template);
  return ofType(template, 'AWS::Lambda::Function').flatMap(([fn, { Properties }]) =>
    roles
      .filter(([role]) => role === logicalId(Properties.Role))
      .flatMap(([, statements]) => statements)
      .filter((statement) => at(statement, 'Effect') === 'Allow')
      .map((statement) => ({
        fn,
        service: flat(at(Properties, 'Environment', 'Variables', 'SERVICE')),
        actions: listOf(at(statement, 'Action')).map(flat),
        resources: listOf(at(statement, 'Resource')).map(flat),
        statement,
      })),
  );
};

/** The statements of each role, which stand in the role itself: `sideDoors` tells of others. */
export const statementsOfRoles = (template: Template): readonly (readonly [string, readonly unknown[]])[] =>
  ofType(template, 'AWS::IAM::Role').map(([role, { Properties }]) => [
    role,
    listOf(Properties.Policies).flatMap((policy) => listOf(at(policy, 'PolicyDocument', 'Statement'))),
  ]);

/** Each table's service, by the table's logical id: its name ends in it. */
const tableOwners = (template: Template): ReadonlyMap<string, string> =>
  new Map(
    ofType(template, 'AWS::DynamoDB::Table').map(([id, { Properties }]) => [
      id,
      flat(Properties.TableName).split('-').at(-1) ?? '',
    ]),
  );

/** Functions that get at another service's table: by reference, by name, through an index or its stream. */
export const foreignTables = (template: Template): readonly string[] => {
  const owners = tableOwners(template);
  return permissions(template).flatMap(({ fn, service, resources }) =>
    resources.flatMap((resource) =>
      [...owners]
        .filter(([id, owner]) => {
          const name = flat(template.Resources[id]?.Properties.TableName);
          const named = new RegExp(`<${id}[.>]|:table/${name}(/|$)`).test(resource);
          return named && owner !== service;
        })
        .map(([, owner]) => `${fn} of ${service} may touch the table of ${owner}: ${resource}`),
    ),
  );
};

/** Permissions wider than they may be: wildcard or inverted actions, and patterns that are not on the list. */
export const tooWide = (template: Template): readonly string[] =>
  permissions(template).flatMap(({ fn, actions, resources, statement }) => {
    const inverted = ['NotAction', 'NotResource'].filter((key) => at(statement, key) !== undefined);
    const wildcardActions = actions.filter((action) => action.includes('*'));
    const unlisted = resources
      .filter((resource) => resource.includes('*'))
      .flatMap((resource) =>
        actions
          .filter(
            (action) =>
              !Object.values<{ actions: readonly string[]; resource: RegExp }>(wildcards).some(
                (listed) => listed.actions.includes(action) && listed.resource.test(resource),
              ),
          )
          .map((action) => `${action} on ${resource}`),
      );
    return [...inverted, ...wildcardActions, ...unlisted].map((what) => `${fn}: ${what}`);
  });

/** Ways to a permission that the other rules don't look into. */
export const sideDoors = (template: Template): readonly string[] => [
  ...['AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    ofType(template, type).map(([id]) => id),
  ),
  ...ofType(template, 'AWS::IAM::Role')
    .filter(([, { Properties }]) => listOf(Properties.ManagedPolicyArns).length > 0)
    .map(([id]) => `${id} has managed policies`),
  ...ofType(template, 'AWS::DynamoDB::Table')
    .filter(([, { Properties }]) => Properties.ResourcePolicy !== undefined)
    .map(([id]) => `${id} has a resource policy`),
  ...shared(ofType(template, 'AWS::Lambda::Function').map(([, fn]) => flat(fn.Properties.Role))).map(
    (role) => `${role} serves several functions`,
  ),
];

const shared = (texts: readonly string[]): readonly string[] =>
  texts.filter((text, index) => texts.indexOf(text) !== index);
