import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stageConfig, StageError } from '../../infra/stage.ts';
import { options } from '../../infra/stage/options.ts';
import { ownAddresses } from '../support/synthesized.ts';

const prod = { stage: 'prod', ...ownAddresses };
const domain = {
  domainName: 'api.sales.acme.com',
  certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/0f1e-2d3c',
};

describe('the settings of a stage', () => {
  it('are those of dev unless told otherwise', () => {
    expect(stageConfig({})).toMatchObject({ stage: 'dev', protect: false });
  });

  it('take addresses from the command line', () => {
    expect(stageConfig(prod)).toMatchObject({ stage: 'prod', protect: true, ...ownAddresses });
  });

  it('take a domain with its certificate, and the zone that gets its record', () => {
    expect(stageConfig({ ...prod, ...domain }).domain).toEqual({
      name: domain.domainName,
      certificateArn: domain.certificateArn,
    });
    const zone = { hostedZoneId: 'Z0123456789ABC', hostedZoneName: 'acme.com' };
    expect(stageConfig({ ...prod, ...domain, ...zone }).domain?.hostedZone).toEqual({
      id: 'Z0123456789ABC',
      name: 'acme.com',
    });
  });

  it('take the epoch of one service, and keep the others', () => {
    expect(stageConfig({ 'epochs.deals': '1' }).epochs).toEqual({ team: 0, deals: 1, metrics: 0, goals: 0 });
  });

  it('take where the runbooks lie, with or without a slash at the end', () => {
    const at = (runbookUrl: string) => stageConfig({ runbookUrl }).runbookUrl;
    expect(at('https://wiki.acme.com/runbooks/')).toBe('https://wiki.acme.com/runbooks');
    expect(at('https://wiki.acme.com/runbooks')).toBe('https://wiki.acme.com/runbooks');
  });

  it('read each option that there is into the setting that it names', () => {
    const given: Readonly<Record<keyof typeof options, string>> = {
      account: '111122223333',
      region: 'eu-central-1',
      mailFrom: 'deals@acme.com',
      mailIdentity: 'existing',
      alarmEmail: 'ops@acme.com',
      ...domain,
      hostedZoneId: 'Z0123456789ABC',
      hostedZoneName: 'acme.com',
      publicUrl: 'https://sales.acme.com',
      callbackUrl: 'https://sales.acme.com/signed-in',
      runbookUrl: 'https://wiki.acme.com/runbooks',
      canary: '7',
      partnerBus: 'aws.partner/shopify.com/12345/quotaline',
      logLevel: 'WARN',
      'epochs.team': '11',
      'epochs.deals': '12',
      'epochs.metrics': '13',
      'epochs.goals': '14',
    };
    expect(Object.keys(given).sort()).toEqual(Object.keys(options).sort());
    const config: unknown = stageConfig({ stage: 'prod', ...given });
    for (const [name, { path }] of Object.entries(options)) {
      const text = JSON.stringify(
        path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), config),
      );
      expect([name, text]).toEqual([name, expect.stringContaining(given[name] ?? '?')]);
    }
  });

  it('have each option explained to who deploys', () => {
    const readme = readFileSync(new URL('../../infra/README.md', import.meta.url), 'utf8');
    const table = readme.split('\n').filter((line) => line.startsWith('|'));
    const explained = (name: string) => table.some((line) => line.includes(`\`${name}\``));
    expect(['stage', ...Object.keys(options)].filter((name) => !explained(name))).toEqual([]);
  });

  describe('of the canary', () => {
    const clients = (context: Readonly<Record<string, unknown>>) =>
      stageConfig(context).integrations.map(({ name }) => name);

    it('are off in dev, and every five minutes in staging and prod', () => {
      expect(stageConfig({}).canary).toBeUndefined();
      expect(stageConfig({ ...prod, stage: 'staging' }).canary).toEqual({ everyMinutes: 5 });
      expect(stageConfig(prod).canary).toEqual({ everyMinutes: 5 });
    });

    it('turn it on and off', () => {
      expect(stageConfig({ canary: '15' }).canary).toEqual({ everyMinutes: 15 });
      expect(stageConfig({ ...prod, canary: 'off' }).canary).toBeUndefined();
    });

    it('declare a client for it only where it runs, that can’t operate', () => {
      expect(clients({})).toEqual(['operations']);
      expect(clients({ canary: 5 })).toEqual(['operations', 'canary']);
      const client = stageConfig({ canary: 5 }).integrations.find(({ name }) => name === 'canary');
      expect(client?.scopes).not.toContain('sales/admin');
    });

    it.each(['often', '0', '61', '1.5', '-5'])('refuse %s minutes, and say what to write', (canary) => {
      expect(() => stageConfig({ canary })).toThrow(/canary\.everyMinutes: must be .*off.*\(-c canary=…\)/);
    });
  });

  describe('that can’t be right', () => {
    it('are of a stage that does not exist: those that do are named', () => {
      expect(() => stageConfig({ stage: 'production' })).toThrow(
        new StageError('Unknown stage “production”: use -c stage=<one of dev, staging, prod>.'),
      );
    });

    it('are all told at once, each with what to write', () => {
      const attempt = () =>
        stageConfig({ stage: 'staging', mailFrom: 'nobody', logLevel: 'LOUD', colour: 'blue' });
      expect(attempt).toThrow(StageError);
      const lines = [
        /-c colour: is no option: there are stage, /,
        /mailFrom: must be an e-mail address, as in sales@acme\.com \(-c mailFrom=…\)/,
        /logLevel: must be DEBUG, INFO, WARN or ERROR \(-c logLevel=…\)/,
        /alarmEmail: is missing, .*: write -c alarmEmail=ops@/,
      ];
      for (const line of lines) expect(attempt).toThrow(line);
    });

    it.each([
      ['mailFrom', '', 'an e-mail address'],
      ['mailFrom', 'sales@', 'an e-mail address'],
      ['alarmEmail', 'ops at acme.com', 'an e-mail address'],
      ['mailIdentity', 'dkim', 'address, domain or existing'],
      ['publicUrl', 'sales.acme.com', 'https://'],
      ['callbackUrl', 'myapp://signed-in', 'https://'],
      ['runbookUrl', './runbooks', 'https://'],
      ['account', '1111-2222-3333', 'twelve digits'],
      ['region', 'frankfurt', 'eu-central-1'],
      ['certificateArn', 'arn:aws:iam::111122223333:server-certificate/x', 'certificate of ACM'],
      ['domainName', 'https://api.sales.acme.com/', 'host name'],
      ['hostedZoneId', '/hostedzone/Z1', 'hosted zone'],
      ['epochs.deals', '-1', 'a whole number'],
      ['epochs.goals', 'next', 'a whole number'],
    ])('are refused by their option: -c %s=%s', (name, value, says) => {
      const attempt = () => stageConfig({ ...prod, ...domain, hostedZoneName: 'acme.com', [name]: value });
      expect(attempt).toThrow(says);
      expect(attempt).toThrow(`(-c ${name}=…)`);
    });

    it.each([
      [
        'a certificate without its domain',
        { certificateArn: domain.certificateArn },
        /domain\.name: .*-c domainName=/,
      ],
      ['a domain without its certificate', { domainName: domain.domainName }, /-c certificateArn=/],
      ['a zone without its name', { ...domain, hostedZoneId: 'Z0123456789ABC' }, /-c hostedZoneName=/],
    ])('are refused as half of something: %s', (_, given, says) => {
      expect(() => stageConfig({ ...prod, ...given })).toThrow(says);
    });
  });

  describe('named by an option that nobody knows', () => {
    it.each([
      ['Stage', 'stage'],
      ['mailfrom', 'mailFrom'],
      ['alarmMail', 'alarmEmail'],
      ['domain', 'domainName'],
      ['epoch.deals', 'epochs.deals'],
    ])('are refused with the nearest one: -c %s → -c %s', (given, meant) => {
      expect(() => stageConfig({ [given]: 'x' })).toThrow(`-c ${given}: is no option: write -c ${meant}=…`);
    });

    it('let pass what the CDK’s own command puts there', () => {
      const ofTheCdk = {
        'aws:cdk:enable-path-metadata': true,
        'aws:cdk:bundling-stacks': ['**'],
        '@aws-cdk/core:failSynthOnValidationErrors': false,
        'availability-zones:account=111122223333:region=eu-central-1': ['eu-central-1a'],
        'cli-telemetry': false,
        'acknowledged-issue-numbers': [34892],
      };
      expect(stageConfig(ofTheCdk).stage).toBe('dev');
    });
  });
});
