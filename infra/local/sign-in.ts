import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Claims, TokenKey } from './jwt.ts';
import { jsonAnswer, type LocalAnswer, type LocalRequest } from './local-http.ts';
import type { ClientSpec, SignInSpec } from './stack-sign-in.ts';
import { ACCOUNT, REGION } from './local-names.ts';
import { addressId, type LocalUserPool } from './user-pool.ts';

/** The client that exists only here: every scope, and acts as an administrator. */
export const LOCAL_ADMIN = 'local-admin';

const LOCAL_ADMIN_SECONDS = 60 * 60;

/** What Cognito grants everyone who signs in without its pages: looking after one's own user. */
const OWN_USER = 'aws.cognito.signin.user.admin';

const TriggerAnswer = z.looseObject({
  response: z.looseObject({
    claimsAndScopeOverrideDetails: z
      .looseObject({
        accessTokenGeneration: z
          .looseObject({
            claimsToAddOrOverride: z.record(z.string(), z.unknown()).nullish(),
            claimsToSuppress: z.array(z.string()).nullish(),
            scopesToAdd: z.array(z.string()).nullish(),
            scopesToSuppress: z.array(z.string()).nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

const refuse = (error: string): LocalAnswer => jsonAnswer(400, { error });

const credentialsOf = (
  request: LocalRequest,
  form: URLSearchParams,
): { readonly id: string; readonly secret: string } => {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined)
    return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { id: text.slice(0, colon), secret: text.slice(colon + 1) };
};

/** What of Cognito the stack uses: access tokens for systems and, with a grant that exists only here, for people. */
export class SignIn {
  readonly #spec: SignInSpec;
  readonly #issuer: string;
  readonly #key: TokenKey;
  readonly #clock: LocalClock;
  readonly #functions: Pick<FunctionPool, 'invoke'>;
  readonly #pool: LocalUserPool;

  constructor(
    spec: SignInSpec,
    issuer: string,
    parts: {
      key: TokenKey;
      clock: LocalClock;
      functions: Pick<FunctionPool, 'invoke'>;
      pool: LocalUserPool;
    },
  ) {
    this.#spec = spec;
    this.#issuer = issuer;
    this.#key = parts.key;
    this.#clock = parts.clock;
    this.#functions = parts.functions;
    this.#pool = parts.pool;
  }

  /** `GET /.well-known/jwks.json` */
  keys(): LocalAnswer {
    return jsonAnswer(200, { keys: [this.#key.jwk()] });
  }

  /** `POST /oauth2/token`: answers and errors as Cognito gives them. A client's secret is its id. */
  async token(request: LocalRequest): Promise<LocalAnswer> {
    if (request.method !== 'POST') return jsonAnswer(405, { error: 'method_not_allowed' }, { allow: 'POST' });
    if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
      return refuse('invalid_request');
    const form = new URLSearchParams(request.body.toString('utf8'));
    const grant = form.get('grant_type');
    if (grant === 'client_credentials')
      return this.#forClient(credentialsOf(request, form), form.get('scope'));
    if (grant === 'password') return this.#forPerson(form.get('username'));
    return refuse(grant === null ? 'invalid_request' : 'unsupported_grant_type');
  }

  async #forClient(
    { id, secret }: { readonly id: string; readonly secret: string },
    asked: string | null,
  ): Promise<LocalAnswer> {
    const client = this.#clients().find((known) => known.id === id);
    if (client === undefined || secret !== id) return refuse('invalid_client');
    if (client.kind !== 'system') return refuse('unauthorized_client');
    const scopes = asked === null || asked === '' ? client.scopes : asked.split(' ');
    if (!scopes.every((scope) => client.scopes.includes(scope))) return refuse('invalid_scope');
    const claims = { sub: id, client_id: id, ...(id === LOCAL_ADMIN ? { role: 'admin' } : {}) };
    if (id === LOCAL_ADMIN || this.#spec.tokenFunction === undefined)
      return this.#issue(claims, scopes, client.tokenSeconds);
    const added = await this.#trigger('TokenGeneration_ClientCredentials', {
      clientId: id,
      userName: id,
      attributes: {},
      groups: [],
      scopes,
    });
    return added === undefined
      ? refuse('invalid_request')
      : this.#issue({ ...claims, ...added.claims }, added.scopes, client.tokenSeconds);
  }

  async #forPerson(address: string | null): Promise<LocalAnswer> {
    if (address === null || address === '') return refuse('invalid_request');
    const user = this.#pool.find(address);
    if (user === undefined ? this.#pool.hasDeleted(address) : !user.isEnabled) return refuse('invalid_grant');
    const client = this.#spec.clients.find(({ kind }) => kind === 'people');
    if (client === undefined) return refuse('unauthorized_client');
    // Who has no user yet is one all the same: members are older than their users in some data folders.
    const { sub, email, verified, groups } = user ?? {
      sub: addressId(address),
      email: address,
      verified: 'true',
      groups: [],
    };
    const added = await this.#trigger('TokenGeneration_Authentication', {
      clientId: client.id,
      userName: sub,
      attributes: { sub, email, email_verified: verified, 'cognito:user_status': 'CONFIRMED' },
      groups,
      scopes: [OWN_USER],
    });
    // Whoever the trigger refuses, or grants nothing, is not known here.
    if (added?.scopes.some((scope) => scope !== OWN_USER) !== true) return refuse('invalid_grant');
    const session = {
      sub,
      ...(groups.length === 0 ? {} : { 'cognito:groups': groups }),
      client_id: client.id,
      origin_jti: randomUUID(),
      event_id: randomUUID(),
      username: sub,
    };
    return this.#issue({ ...session, ...added.claims }, added.scopes, client.tokenSeconds);
  }

  #clients(): readonly ClientSpec[] {
    const { clients, scopes } = this.#spec;
    return [...clients, { id: LOCAL_ADMIN, kind: 'system', scopes, tokenSeconds: LOCAL_ADMIN_SECONDS }];
  }

  /** Runs the pre-token-generation trigger; undefined when it fails, which to Cognito is a refusal. */
  async #trigger(
    triggerSource: string,
    who: {
      clientId: string;
      userName: string;
      attributes: Readonly<Record<string, string>>;
      groups: readonly string[];
      scopes: readonly string[];
    },
  ): Promise<{ readonly claims: Claims; readonly scopes: readonly string[] } | undefined> {
    const event = {
      version: '3',
      triggerSource,
      region: REGION,
      userPoolId: this.#spec.poolId,
      userName: who.userName,
      callerContext: { awsSdkVersion: `local-${ACCOUNT}`, clientId: who.clientId },
      request: {
        userAttributes: who.attributes,
        groupConfiguration: { groupsToOverride: who.groups, iamRolesToOverride: [], preferredRole: null },
        scopes: who.scopes,
      },
      response: { claimsAndScopeOverrideDetails: null },
    };
    const outcome = await this.#functions.invoke(this.#spec.tokenFunction ?? '', JSON.stringify(event));
    const answer = outcome.kind === 'done' ? TriggerAnswer.safeParse(outcome.result) : undefined;
    if (answer?.success !== true) return undefined;
    const change = answer.data.response.claimsAndScopeOverrideDetails?.accessTokenGeneration;
    const suppressed = change?.scopesToSuppress ?? [];
    const scopes = [...who.scopes, ...(change?.scopesToAdd ?? [])].filter(
      (scope) => !suppressed.includes(scope),
    );
    const claims = Object.entries(change?.claimsToAddOrOverride ?? {}).filter(
      ([name]) => !(change?.claimsToSuppress ?? []).includes(name),
    );
    return { claims: Object.fromEntries(claims), scopes: [...new Set(scopes)] };
  }

  #issue(claims: Claims, scopes: readonly string[], seconds: number): LocalAnswer {
    const now = Math.floor(this.#clock.now() / 1000);
    const token = this.#key.sign({
      token_use: 'access',
      scope: scopes.join(' '),
      auth_time: now,
      iss: this.#issuer,
      iat: now,
      exp: now + seconds,
      version: 2,
      jti: randomUUID(),
      ...claims,
    });
    return jsonAnswer(
      200,
      { access_token: token, expires_in: seconds, token_type: 'Bearer' },
      { 'cache-control': 'no-store' },
    );
  }
}
