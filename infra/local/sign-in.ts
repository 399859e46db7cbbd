import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Claims, TokenKey } from './jwt.ts';
import { jsonAnswer, type LocalAnswer, type LocalRequest } from './local-http.ts';
import type { ClientSpec, SignInSpec } from './stack-sign-in.ts';
import { ACCOUNT, REGION } from './local-names.ts';

/** The client that exists only here: every scope, and acts as an administrator. */
export const LOCAL_ADMIN = 'local-admin';

const PERSON_SECONDS = 5 * 60;
const CLIENT_SECONDS = 60 * 60;

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

/** A stable `sub` for an e-mail address: the same person gets the same one after every restart. */
const subjectOf = (email: string): string =>
  createHash('sha256')
    .update(email.toLowerCase())
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** What of Cognito the stack uses: access tokens for systems and, with a grant that exists only here, for people. */
export class SignIn {
  readonly #spec: SignInSpec;
  readonly #issuer: string;
  readonly #key: TokenKey;
  readonly #clock: LocalClock;
  readonly #functions: FunctionPool;

  constructor(
    spec: SignInSpec,
    issuer: string,
    parts: { key: TokenKey; clock: LocalClock; functions: FunctionPool },
  ) {
    this.#spec = spec;
    this.#issuer = issuer;
    this.#key = parts.key;
    this.#clock = parts.clock;
    this.#functions = parts.functions;
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
      return this.#issue(claims, scopes, CLIENT_SECONDS);
    const added = await this.#trigger('TokenGeneration_ClientCredentials', {
      clientId: id,
      userName: id,
      attributes: {},
      scopes,
    });
    return added === undefined
      ? refuse('invalid_request')
      : this.#issue({ ...claims, ...added.claims }, added.scopes, CLIENT_SECONDS);
  }

  async #forPerson(email: string | null): Promise<LocalAnswer> {
    if (email === null || email === '') return refuse('invalid_request');
    const clientId = this.#spec.clients.find(({ kind }) => kind === 'people')?.id ?? LOCAL_ADMIN;
    const sub = subjectOf(email);
    const attributes = { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' };
    const added = await this.#trigger('TokenGeneration_Authentication', {
      clientId,
      userName: sub,
      attributes,
      scopes: [],
    });
    // Whoever the trigger refuses, or grants nothing, is not known here.
    if (added === undefined || added.scopes.length === 0) return refuse('invalid_grant');
    return this.#issue(
      { sub, client_id: clientId, username: sub, ...added.claims },
      added.scopes,
      PERSON_SECONDS,
    );
  }

  #clients(): readonly ClientSpec[] {
    const { clients, scopes } = this.#spec;
    return [...clients, { id: LOCAL_ADMIN, kind: 'system', scopes }];
  }

  /** Runs the pre-token-generation trigger; undefined when it fails, which to Cognito is a refusal. */
  async #trigger(
    triggerSource: string,
    who: {
      clientId: string;
      userName: string;
      attributes: Readonly<Record<string, string>>;
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
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
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
