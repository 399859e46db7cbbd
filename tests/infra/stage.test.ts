import { describe, expect, it } from 'vitest';
import { at, ofType, synthesized } from '../support/synthesized.ts';

/** What people would miss if it went with the stack. */
const LASTING = [
  'AWS::DynamoDB::Table',
  'AWS::Cognito::UserPool',
  'AWS::S3::Bucket',
  'AWS::Events::EventBus',
  'AWS::Events::Archive',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
];

describe('the stage', () => {
  it('has a policy for each kind of thing that lasts', () => {
    const kinds = new Set(Object.values(synthesized().Resources).map(({ Type }) => Type));
    expect(LASTING.filter((type) => !kinds.has(type))).toEqual([]);
  });

  it('retains what lasts in prod, and lets it go in dev', () => {
    for (const [stage, policy] of [
      ['prod', 'Retain'],
      ['dev', 'Delete'],
    ] as const) {
      for (const [id, resource] of LASTING.flatMap((type) => ofType(synthesized(stage), type))) {
        expect([id, resource.DeletionPolicy ?? 'Delete', resource.UpdateReplacePolicy ?? 'Delete']).toEqual([
          id,
          policy,
          policy,
        ]);
      }
    }
  });

  it('protects tables and users from deletion in prod', () => {
    for (const [id, { Properties }] of ofType(synthesized('prod'), 'AWS::DynamoDB::Table')) {
      expect(Properties.DeletionProtectionEnabled, id).toBe(true);
    }
    const [[, pool] = []] = ofType(synthesized('prod'), 'AWS::Cognito::UserPool');
    expect(at(pool, 'Properties', 'DeletionProtection')).toBe('ACTIVE');
  });

  it.each(['dev', 'staging', 'prod'])('backs up and encrypts every table in %s', (stage) => {
    for (const [id, { Properties }] of ofType(synthesized(stage), 'AWS::DynamoDB::Table')) {
      expect(at(Properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled'), id).toBe(true);
      expect(at(Properties, 'SSESpecification', 'SSEEnabled'), id).toBe(true);
    }
  });
});
