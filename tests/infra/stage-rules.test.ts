import { describe, expect, it } from 'vitest';
import { stageConfig } from '../../infra/stage.ts';
import { problemsOf } from '../../infra/stage/rules.ts';
import { sesRegions } from '../../infra/stage/ses-regions.ts';
import { StageName, type StageConfig } from '../../infra/stage/settings.ts';
import { stages } from '../../infra/stage/stages.ts';
import { warningsOf } from '../../infra/stage/warnings.ts';
import { ownAddresses } from '../support/synthesized.ts';

const prod: StageConfig = stageConfig({ stage: 'prod', ...ownAddresses });
const staging: StageConfig = { ...prod, stage: 'staging' };

/** The settings that a stage like this is refused for. */
const refused = (settings: Partial<StageConfig>, place = {}) =>
  problemsOf(settings, place).map(({ setting }) => setting);

const certificateArn = 'arn:aws:acm:eu-central-1:111122223333:certificate/0f1e';
const domain = { name: 'api.sales.acme.com', certificateArn };

describe('a stage', () => {
  it('that is right has no problems', () => {
    expect(problemsOf(prod, { account: '111122223333', region: 'eu-central-1' })).toEqual([]);
  });

  it.each(['staging', 'prod'])('%s does not go out with addresses that nobody has', (stage) => {
    expect(() => stageConfig({ stage })).toThrow(
      /mailFrom: is missing, for sales@example\.com is nobody’s: write -c mailFrom=/,
    );
    expect(() => stageConfig({ stage, ...ownAddresses, alarmEmail: 'ops@mail.example.org' })).toThrow(
      /alarmEmail: is missing, .* write -c alarmEmail=/,
    );
  });

  it('dev may, and is warned that no mail will go out and nobody hears of alarms', () => {
    expect(warningsOf(stageConfig({})).map(({ name }) => name)).toEqual([
      'placeholder-sender',
      'placeholder-alarms',
    ]);
    expect(warningsOf(stageConfig(ownAddresses))).toEqual([]);
  });

  it('is warned of what may be meant: DEBUG logs in prod, and a sign-in page that leads nowhere', () => {
    expect(warningsOf({ ...prod, logLevel: 'DEBUG' }).map(({ name }) => name)).toEqual([
      'placeholder-callback',
      'debug-logs',
    ]);
    expect(warningsOf({ ...prod, callbackUrls: ['https://sales.acme.com/signed-in'] })).toEqual([]);
    expect(warningsOf({ ...staging, logLevel: 'DEBUG' }).map(({ name }) => name)).not.toContain('debug-logs');
  });

  it('has no two integrations of one name', () => {
    const twice = [...prod.integrations, ...prod.integrations.slice(0, 1)];
    expect(refused({ ...prod, integrations: twice })).toEqual(['integrations']);
  });

  it('calls people back by https://, but on their own machine', () => {
    const calledBack = (url: string) => refused({ ...staging, callbackUrls: [url] });
    expect(calledBack('http://staging.acme.com/signed-in')).toEqual(['callbackUrls']);
    expect(calledBack('http://localhost:3000/signed-in')).toEqual([]);
    expect(calledBack('https://staging.acme.com/signed-in')).toEqual([]);
  });
});

describe('the settings of dev', () => {
  it('are refused under the name of prod, each with what prod must have', () => {
    const copied = problemsOf({ ...stages.dev, stage: 'prod' }, {});
    expect(copied.map(({ setting }) => setting)).toEqual([
      'mailFrom',
      'alarmEmail',
      'protect',
      'mailIdentity',
      'callbackUrls',
    ]);
    expect(copied.map(({ says }) => says).join('\n')).toMatch(
      /must be true in prod[^]*-c mailIdentity=domain/,
    );
  });

  it.each([
    ['mailIdentity', 'address', /mailIdentity: must be domain in prod/],
    ['callbackUrl', 'http://localhost:3000/signed-in', /callbackUrls: .* is for developing/],
    ['callbackUrl', 'http://sales.acme.com/signed-in', /callbackUrls: .* is for developing/],
    ['publicUrl', 'http://localhost:3000', /publicUrl: .* is for developing/],
    ['publicUrl', 'https://127.0.0.1', /publicUrl: .* is for developing/],
  ])('are refused in prod one by one: -c %s=%s', (name, value, says) => {
    expect(() => stageConfig({ stage: 'prod', ...ownAddresses, [name]: value })).toThrow(says);
  });

  it('are refused in prod as browsers’ origins', () => {
    expect(refused({ ...prod, corsOrigins: ['http://localhost:5173'] })).toEqual(['corsOrigins']);
    expect(refused({ ...prod, corsOrigins: ['https://sales.acme.com'] })).toEqual([]);
  });

  it('belong to the stage that they stand under, whatever a copy says', () => {
    for (const stage of StageName.options) {
      expect(stageConfig({ stage, ...ownAddresses }).stage).toBe(stage);
      expect(stages[stage]).not.toHaveProperty('stage');
    }
  });
});

describe('where a stage goes', () => {
  const at = { account: '111122223333', region: 'eu-central-1' };

  it('is anywhere unless it is pinned, and only there if it is', () => {
    expect(refused(prod, at)).toEqual([]);
    expect(refused({ ...prod, ...at }, at)).toEqual([]);
    expect(refused({ ...prod, ...at }, { account: '999988887777', region: 'us-east-1' })).toEqual([
      'account',
      'region',
    ]);
  });

  it('is not checked while nobody knows it, as in a synth without credentials', () => {
    expect(refused({ ...prod, ...at })).toEqual([]);
  });

  it('is told with what to set instead', () => {
    const context = { stage: 'prod', ...ownAddresses, ...at };
    expect(() => stageConfig(context, { account: '999988887777' })).toThrow(
      /account: stage prod belongs to account 111122223333, .* of 999988887777: .*AWS_PROFILE=/,
    );
    expect(() => stageConfig(context, { region: 'us-east-1' })).toThrow(/set AWS_REGION=eu-central-1/);
  });

  it('is a region that can send mail', () => {
    expect(refused(prod, { region: 'ap-east-1' })).toEqual(['region']);
    expect(refused({ ...prod, region: 'ap-east-1' })).toEqual(['region']);
    expect(() => stageConfig({}, { region: 'cn-north-1' })).toThrow(
      /region: cn-north-1 has no SES, .*: choose one of .*eu-central-1/,
    );
    for (const region of sesRegions) expect(refused(prod, { region }), region).toEqual([]);
  });

  it('is where its certificate lies: same region, same account', () => {
    expect(refused({ ...prod, domain }, at)).toEqual([]);
    expect(refused({ ...prod, domain })).toEqual([]);
    expect(refused({ ...prod, domain, region: 'us-east-1' })).toEqual(['domain.certificateArn']);
    expect(refused({ ...prod, domain }, { region: 'us-east-1', account: '999988887777' })).toEqual([
      'domain.certificateArn',
      'domain.certificateArn',
    ]);
  });

  it('is under a domain of one’s own, in a zone that can hold it', () => {
    const zone = (name: string) => ({ ...domain, hostedZone: { id: 'Z0123456789ABC', name } });
    expect(refused({ ...prod, domain: zone('acme.com') })).toEqual([]);
    expect(refused({ ...prod, domain: zone('api.sales.acme.com') })).toEqual([]);
    expect(refused({ ...prod, domain: zone('me.com') })).toEqual(['domain.hostedZone.name']);
    expect(refused({ ...prod, domain: { ...domain, name: 'api.example.com' } })).toEqual(['domain.name']);
  });
});
