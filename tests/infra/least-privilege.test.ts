import { describe, expect, it } from 'vitest';
import { wildcards } from '../../infra/wildcards.ts';
import { flat, listOf, ofType, synthesized, at } from '../support/synthesized.ts';
import { foreignTables, sideDoors, statementsOfRoles, tooWide } from './least-privilege.ts';

/** The template with one more statement in the policy of the metrics API. */
const withStatement = (statement: (tables: Readonly<Record<string, string>>) => object) => {
  const template = synthesized();
  const tables = Object.fromEntries(
    ofType(template, 'AWS::DynamoDB::Table').map(([id, { Properties }]) => [flat(Properties.TableName), id]),
  );
  const [, role] = ofType(template, 'AWS::IAM::Role').find(([id]) => id.startsWith('MetricsApi')) ?? [];
  const statements = at(listOf(role?.Properties.Policies)[0], 'PolicyDocument', 'Statement');
  if (!Array.isArray(statements)) throw new Error('the metrics API has no policy');
  statements.push({ Effect: 'Allow', ...statement(tables) });
  return template;
};

describe('least privilege', () => {
  it('keeps every function from the tables of other services', () => {
    expect(foreignTables(synthesized())).toEqual([]);
    expect(foreignTables(synthesized('prod'))).toEqual([]);
  });

  it.each([
    ['a table', { 'Fn::GetAtt': ['<deals>', 'Arn'] }],
    ['an index', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['<deals>', 'Arn'] }, '/index/gsi1']] }],
    ['a stream', { 'Fn::GetAtt': ['<deals>', 'StreamArn'] }],
    ['a table by its name', 'arn:aws:dynamodb:eu-west-1:1:table/quotaline-dev-deals'],
    ['one of several', ['arn:aws:s3:::x', { 'Fn::Sub': '${<deals>.Arn}' }]],
  ])('would notice %s of another service', (_, resource) => {
    const template = withStatement((tables) => ({
      Action: 'dynamodb:GetItem',
      Resource: JSON.parse(
        JSON.stringify(resource).replaceAll('<deals>', tables['quotaline-dev-deals'] ?? ''),
      ) as unknown,
    }));
    expect(foreignTables(template)).toHaveLength(1);
  });

  it('allows named actions only, and patterns only where the list gives a reason', () => {
    expect(tooWide(synthesized())).toEqual([]);
    expect(tooWide(synthesized('prod'))).toEqual([]);
  });

  it.each([
    ['every action', { Action: '*', Resource: 'arn:aws:s3:::x' }],
    ['a wildcard in an action', { Action: ['dynamodb:Get*'], Resource: 'arn:aws:s3:::x' }],
    ['every resource', { Action: 'dynamodb:GetItem', Resource: '*' }],
    [
      'a listed pattern for an action that is not listed',
      { Action: 's3:DeleteObject', Resource: 'x/audit/*' },
    ],
    ['a listed action on a pattern that is not listed', { Action: 's3:PutObject', Resource: 'x/*' }],
    ['inverted actions', { NotAction: 's3:PutObject', Resource: 'arn:aws:s3:::x' }],
  ])('would notice %s', (_, statement) => {
    expect(tooWide(withStatement(() => statement))).not.toEqual([]);
  });

  it('gives each function a role of its own, without managed policies', () => {
    expect(sideDoors(synthesized())).toEqual([]);
  });

  it('uses every wildcard that it lists', () => {
    const granted = statementsOfRoles(synthesized()).flatMap(([, statements]) =>
      statements.flatMap((statement) =>
        listOf(at(statement, 'Action')).flatMap((action) =>
          listOf(at(statement, 'Resource')).map((resource) => [flat(action), flat(resource)] as const),
        ),
      ),
    );
    for (const { actions, resource } of Object.values(wildcards)) {
      for (const action of actions) {
        expect(
          granted.some(([a, r]) => a === action && resource.test(r)),
          `${action} ${resource.source}`,
        ).toBe(true);
      }
    }
  });
});
