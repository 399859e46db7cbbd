import {
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import * as z from 'zod';
import type { RunnerState } from './state.ts';

const SETTING = 'signing-key';
const KEY_ID = 'local';

const Header = z.looseObject({ alg: z.literal('RS256'), kid: z.string() });
const Claims = z.record(z.string(), z.unknown());
export type Claims = z.infer<typeof Claims>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** Signs and checks RS256 tokens with a key that is made once per data folder. */
export class TokenKey {
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(state: RunnerState) {
    const kept = state.setting(SETTING);
    this.#private =
      kept === undefined
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : createPrivateKey(kept);
    this.#public = createPublicKey(this.#private);
    if (kept === undefined)
      state.keepSetting(SETTING, this.#private.export({ type: 'pkcs8', format: 'pem' }).toString());
  }

  sign(claims: Claims): string {
    const signed = `${encode({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.#private).toString('base64url')}`;
  }

  /** The claims of a token that this key has signed; undefined for any other text. Nothing else is checked. */
  verified(token: string): Claims | undefined {
    const [header, claims, signature, ...more] = token.split('.');
    if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
      return undefined;
    if (!Header.safeParse(decode(header)).success) return undefined;
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verify('RSA-SHA256', signed, this.#public, Buffer.from(signature, 'base64url'))) return undefined;
    return Claims.safeParse(decode(claims)).data;
  }

  /** The public key as a JSON Web Key. */
  jwk(): JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: string } {
    return { ...this.#public.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  }
}
