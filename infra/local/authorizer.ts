import type { LocalClock } from './clock.ts';
import type { Claims, TokenKey } from './jwt.ts';
import { jsonAnswer, type LocalAnswer } from './local-http.ts';

export type Access =
  | { readonly kind: 'granted'; readonly claims: Claims }
  | { readonly kind: 'refused'; readonly answer: LocalAnswer };

const refused = (status: 401 | 403, message: string, challenge: string): Access => ({
  kind: 'refused',
  answer: jsonAnswer(status, { message }, { 'www-authenticate': challenge }),
});

const noToken = refused(401, 'Unauthorized', 'Bearer');
const badToken = (why: string) =>
  refused(401, 'Unauthorized', `Bearer scope="" error="invalid_token" error_description="${why}"`);

const KEPT_TOKENS = 1_000;

/** The gateway's JWT authorizer: signature, issuer, times, audience (or client id), and the route's scopes. */
export class Authorizer {
  readonly #key: TokenKey;
  readonly #clock: LocalClock;
  readonly #issuer: string;
  readonly #audience: readonly string[];
  /** Checking a signature costs more than all the rest, and clients send the same token many times. */
  readonly #signed = new Map<string, Claims>();

  constructor({
    key,
    clock,
    issuer,
    audience,
  }: {
    key: TokenKey;
    clock: LocalClock;
    issuer: string;
    audience: readonly string[];
  }) {
    this.#key = key;
    this.#clock = clock;
    this.#issuer = issuer;
    this.#audience = audience;
  }

  check(authorization: string | undefined, scopes: readonly string[]): Access {
    if (authorization === undefined || authorization === '') return noToken;
    const token = authorization.replace(/^Bearer /i, '');
    const claims = this.#claimsOf(token);
    if (claims === undefined) return badToken('the token is malformed or its signature is not valid');
    if (claims.iss !== this.#issuer) return badToken('invalid issuer');
    const now = this.#clock.now() / 1000;
    if (typeof claims.exp !== 'number' || claims.exp <= now) return badToken('the token has expired');
    if (typeof claims.nbf === 'number' && claims.nbf > now) return badToken('the token is not valid yet');
    const audiences = [claims.aud ?? claims.client_id].flat();
    if (!audiences.some((audience) => this.#audience.includes(String(audience))))
      return badToken('invalid audience');
    const granted = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
    if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
      return refused(403, 'Forbidden', 'Bearer error="insufficient_scope"');
    }
    return { kind: 'granted', claims };
  }

  #claimsOf(token: string): Claims | undefined {
    const known = this.#signed.get(token);
    if (known !== undefined) return known;
    const claims = this.#key.verified(token);
    if (claims === undefined) return undefined;
    if (this.#signed.size >= KEPT_TOKENS) this.#signed.clear();
    this.#signed.set(token, claims);
    return claims;
  }
}
