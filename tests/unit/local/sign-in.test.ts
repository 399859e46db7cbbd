import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { LocalClock } from '../../../infra/local/clock.ts';
import { TokenKey } from '../../../infra/local/jwt.ts';
import { SignIn } from '../../../infra/local/sign-in.ts';
import { RunnerState } from '../../../infra/local/state.ts';
import { LocalUserPool } from '../../../infra/local/user-pool.ts';
import { tokenChanges } from '../../../services/team/domain/token.ts';
import { roleScopes } from '../../../shared/auth/role-scopes.ts';
import { MemberState, Role } from '../../../shared/events/team.ts';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';
import { signInSpec } from '../../support/sign-in-spec.ts';

const ROSA = 'rosa@pastapro.example';
const ISSUER = 'https://cognito-idp.us-east-1.amazonaws.com/quotaline-dev';
const rosaId = derivedId(MemberId, 'rosa');
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

let state: RunnerState;
let clock: LocalClock;
let pool: LocalUserPool;
let key: TokenKey;
let member: MemberState | undefined;

const rosa = (over: Partial<MemberState> = {}) =>
  MemberState.parse({
    id: rosaId,
    name: 'Rosa',
    email: ROSA,
    role: 'rep',
    status: 'active',
    memberships: [],
    territoryIds: [],
    rampMonths: 0,
    ...over,
  });

beforeEach(() => {
  state = new RunnerState(':memory:');
  clock = new LocalClock(state);
  pool = new LocalUserPool(state, clock);
  key = new TokenKey(state);
  member = rosa();
});
afterEach(() => {
  state.close();
});

const TriggerEvent = z.looseObject({ triggerSource: z.string() });

/** The trigger as it is deployed, on the one member of the test. */
const functions = {
  invoke: (_: string, payload: string) => {
    const event = TriggerEvent.parse(JSON.parse(payload));
    const isSystem = event.triggerSource === 'TokenGeneration_ClientCredentials';
    const change = { accessTokenGeneration: tokenChanges(member) };
    return Promise.resolve({
      kind: 'done' as const,
      result: isSystem ? event : { ...event, response: { claimsAndScopeOverrideDetails: change } },
    });
  },
};

const ask = async (form: Readonly<Record<string, string>>) => {
  const { status, body } = await new SignIn(signInSpec, ISSUER, { key, clock, functions, pool }).token({
    method: 'POST',
    path: '/oauth2/token',
    rawQuery: '',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
    sourceIp: '127.0.0.1',
  });
  const answer = z
    .object({ error: z.string().optional(), access_token: z.string().optional() })
    .parse(JSON.parse(String(body)));
  return { status, ...answer };
};
const asRosa = { grant_type: 'password', username: ROSA };
const asCanary = { grant_type: 'client_credentials', client_id: 'canary', client_secret: 'canary' };

const claimsOf = async (form: Readonly<Record<string, string>>) => {
  const { access_token: token = '' } = await ask(form);
  const { scope, ...claims } = z.looseObject({ scope: z.string() }).parse(key.verified(token));
  return { claims, scopes: scope.split(' ').toSorted() };
};

/**
 * What Cognito puts into every access token; see “Understanding the access token” in its developer guide. Those of people
 * have `username`, `origin_jti`, `event_id` and their groups beside them.
 */
const always = {
  token_use: 'access',
  version: 2,
  iss: ISSUER,
  auth_time: expect.any(Number) as number,
  iat: expect.any(Number) as number,
  exp: expect.any(Number) as number,
  jti: uuid,
};

describe('a person’s token', () => {
  test.each(Role.options)('has the claims of Cognito and of the trigger: %s', async (role) => {
    member = rosa({ role });
    const user = pool.create(ROSA, 'true');
    pool.change(user, { groups: [role] });
    const { claims, scopes } = await claimsOf(asRosa);
    expect(claims).toEqual({
      ...always,
      sub: user.sub,
      username: user.sub,
      client_id: 'people',
      'cognito:groups': [role],
      origin_jti: uuid,
      event_id: uuid,
      // services/team/domain/token.ts
      member_id: rosaId,
      role,
    });
    // Whoever signs in by InitiateAuth, as one does without a web page, may look after the own user.
    expect(scopes).toEqual(['aws.cognito.signin.user.admin', ...roleScopes[role]].toSorted());
  });

  test('is good for five minutes', async () => {
    pool.create(ROSA, 'true');
    const { claims } = await claimsOf(asRosa);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
  });

  test('names the same person after every restart, also one without a user', async () => {
    const first = await claimsOf(asRosa);
    expect(first.claims).not.toHaveProperty('cognito:groups');
    expect((await claimsOf({ ...asRosa, username: ROSA.toUpperCase() })).claims.sub).toBe(first.claims.sub);
  });

  test('is refused to whom the team does not know, and to users who are disabled or deleted', async () => {
    const refused = { status: 400, error: 'invalid_grant' };
    const user = pool.create(ROSA, 'true');
    pool.change(user, { isEnabled: false });
    expect(await ask(asRosa)).toEqual(refused);
    pool.remove(user);
    expect(await ask(asRosa)).toEqual(refused);
    pool.create(ROSA, 'true');
    expect(await ask(asRosa)).toMatchObject({ status: 200 });
    member = undefined;
    expect(await ask(asRosa)).toEqual(refused);
  });
});

describe('a system’s token', () => {
  test('has the claims of Cognito, and every scope of its client', async () => {
    const { claims, scopes } = await claimsOf(asCanary);
    expect(claims).toEqual({ ...always, sub: 'canary', client_id: 'canary' });
    expect(scopes).toEqual(['sales/deals.read', 'sales/metrics.read']);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
  });

  test('has the scopes that were asked for, of those that the client has', async () => {
    expect((await claimsOf({ ...asCanary, scope: 'sales/deals.read' })).scopes).toEqual(['sales/deals.read']);
  });

  test.each([
    [
      'more than the client has',
      { ...asCanary, scope: 'sales/deals.read sales/deals.write' },
      'invalid_scope',
    ],
    ['a wrong secret', { ...asCanary, client_secret: 'x' }, 'invalid_client'],
    ['a client that there is not', { ...asCanary, client_id: 'nobody' }, 'invalid_client'],
    [
      'the client of people',
      { ...asCanary, client_id: 'people', client_secret: 'people' },
      'unauthorized_client',
    ],
    ['another grant', { ...asCanary, grant_type: 'refresh_token' }, 'unsupported_grant_type'],
    ['no grant', { client_id: 'canary' }, 'invalid_request'],
    ['nobody', { grant_type: 'password' }, 'invalid_request'],
  ])('is refused for %s', async (_, form, error) => {
    expect(await ask(form)).toEqual({ status: 400, error });
  });
});
