import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Authorizer } from '../../infra/local/authorizer.ts';
import { LocalClock } from '../../infra/local/clock.ts';
import { TokenKey } from '../../infra/local/jwt.ts';
import { readGateway } from '../../infra/local/stack-gateway.ts';
import { readCognito } from '../../infra/local/stack-sign-in.ts';
import { RunnerState } from '../../infra/local/state.ts';
import { Template } from '../../infra/local/template.ts';
import { firstText, flat, at, listOf, ofType, synthesized } from '../support/synthesized.ts';
import { statementsOfRoles } from './least-privilege.ts';

const stages = ['dev', 'staging', 'prod'];
const poolOf = (stage: string): unknown =>
  ofType(synthesized(stage), 'AWS::Cognito::UserPool')[0]?.[1].Properties;
const clientsOf = (stage: string) =>
  ofType(synthesized(stage), 'AWS::Cognito::UserPoolClient').map(([, { Properties }]) => Properties);

describe.each(stages)('signing in at %s', (stage) => {
  it('begins with an invitation: nobody makes a user of themselves', () => {
    const invited = at(poolOf(stage), 'AdminCreateUserConfig');
    expect(at(invited, 'AllowAdminCreateUserOnly')).toBe(true);
    // Without these Cognito refuses the words of an invitation.
    const message = at(invited, 'InviteMessageTemplate', 'EmailMessage');
    expect(message).toContain('{username}');
    expect(message).toContain('{####}');
  });

  it('takes a strong password, and a second factor of whoever wants one', () => {
    expect(at(poolOf(stage), 'Policies', 'PasswordPolicy')).toEqual({
      MinimumLength: 12,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
      RequireUppercase: true,
      TemporaryPasswordValidityDays: 3,
    });
    expect(at(poolOf(stage), 'MfaConfiguration')).toBe('OPTIONAL');
    expect(at(poolOf(stage), 'EnabledMfas')).toEqual(['SOFTWARE_TOKEN_MFA']);
  });

  it('lets people in by the authorization code of a public client, which can keep no secret and proves itself by PKCE', () => {
    const people = clientsOf(stage).find(({ ClientName }) => ClientName === 'people');
    expect(people).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    });
  });

  it('gives systems tokens by their own credentials, and for the scopes they are declared with', () => {
    const systems = clientsOf(stage).filter(({ ClientName }) => ClientName !== 'people');
    expect(systems).not.toEqual([]);
    for (const system of systems) {
      expect(system).toMatchObject({ GenerateSecret: true, AllowedOAuthFlows: ['client_credentials'] });
      expect(listOf(system.AllowedOAuthScopes)).not.toEqual([]);
    }
  });

  it('is good for five minutes', () => {
    for (const client of clientsOf(stage)) {
      expect(client.AccessTokenValidity).toBe(5);
      expect(at(client, 'TokenValidityUnits', 'AccessToken')).toBe('minutes');
    }
  });

  it('asks the team what a token is good for, and has the team keep the users', () => {
    const template = synthesized(stage);
    const trigger = at(poolOf(stage), 'LambdaConfig', 'PreTokenGenerationConfig');
    expect(at(trigger, 'LambdaVersion')).toBe('V3_0');
    expect(flat(at(trigger, 'LambdaArn'))).toContain('TeamToken');
    const keepers = statementsOfRoles(template).filter(([, statements]) =>
      statements.some((statement) => listOf(at(statement, 'Action')).includes('cognito-idp:AdminCreateUser')),
    );
    expect(keepers.map(([id]) => id)).toEqual([expect.stringContaining('TeamFollowUps')]);
  });
});

describe('a token of one stage', () => {
  const read = (stage: string) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-stage-'));
    const artifact = { type: 'aws:cloudformation:stack', properties: { templateFile: 'stack.json' } };
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ artifacts: { stack: artifact } }));
    writeFileSync(path.join(folder, 'stack.assets.json'), JSON.stringify({ files: {} }));
    writeFileSync(path.join(folder, 'stack.json'), firstText(stage));
    const template = Template.read(folder, 'http://localhost:3000');
    rmSync(folder, { recursive: true });
    const resources = template.resources();
    return { gateway: readGateway(resources), signIn: readCognito(resources, template) };
  };

  it('is refused by the others, even signed by the same key', () => {
    const state = new RunnerState(':memory:');
    const clock = new LocalClock(state);
    const key = new TokenKey(state);
    const all = stages.map((stage) => {
      const { gateway, signIn } = read(stage);
      const { issuer = '', audience } = gateway;
      const token = key.sign({
        iss: issuer,
        client_id: signIn.clients.find(({ kind }) => kind === 'people')?.id,
        exp: clock.now() / 1000 + 300,
        scope: 'sales/deals.read',
      });
      return { stage, token, authorizer: new Authorizer({ key, clock, issuer, audience }) };
    });
    for (const { stage, token } of all)
      for (const other of all)
        expect([
          stage,
          other.stage,
          other.authorizer.check(`Bearer ${token}`, ['sales/deals.read']).kind,
        ]).toEqual([stage, other.stage, stage === other.stage ? 'granted' : 'refused']);
    state.close();
  });
});
