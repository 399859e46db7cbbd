import { describe, expect, it } from 'vitest';
import { stageConfig, StageError } from '../../infra/stage.ts';
import { at, ofType, synthesized } from '../support/synthesized.ts';

const configured = (context: Readonly<Record<string, string>>) => stageConfig(context);

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
  it('is dev unless given', () => {
    expect(configured({})).toMatchObject({ stage: 'dev', protect: false });
  });

  it('takes addresses from the command line', () => {
    expect(
      configured({ stage: 'prod', mailFrom: 'deals@acme.com', alarmEmail: 'ops@acme.com' }),
    ).toMatchObject({
      stage: 'prod',
      protect: true,
      mailFrom: 'deals@acme.com',
      alarmEmail: 'ops@acme.com',
    });
  });

  it('refuses one that does not exist, and names those that do', () => {
    expect(() => configured({ stage: 'production' })).toThrow(
      new StageError('Unknown stage “production”: use -c stage=<one of dev, staging, prod>.'),
    );
  });

  it('names every value that can’t be right, and what to write', () => {
    const attempt = () =>
      configured({ stage: 'staging', mailFrom: 'nobody', alarmEmail: '', logLevel: 'LOUD' });
    expect(attempt).toThrow(StageError);
    expect(attempt).toThrow(
      /staging[^]*mailFrom: must be an e-mail address[^]*alarmEmail: [^]*logLevel: [^]*-c mailFrom=/,
    );
  });

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
