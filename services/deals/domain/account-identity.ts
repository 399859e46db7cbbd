import * as z from 'zod';
import { emailKey } from '../../../shared/directory/name-key.ts';
import type { Account } from './account.ts';
import { domainKey, taxIdKey } from './account-keys.ts';
import { isPublicMailDomain } from './public-mail-domains.ts';

export const IdentityKind = z.enum(['domain', 'taxId', 'email', 'externalId']);
export type IdentityKind = z.infer<typeof IdentityKind>;

/** What a company is known by: two accounts with the same one are likely the same company. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
}

/** With `www.` or without, it is the same company. */
const withoutWww = (domain: string): string =>
  /^www\..+\..+$/.test(domain) ? domain.slice('www.'.length) : domain;

const keys: Readonly<Record<IdentityKind, (value: string) => string>> = {
  domain: (value) => withoutWww(domainKey(value)),
  taxId: taxIdKey,
  email: emailKey,
  externalId: (value) => value.trim(),
};

/**
 * The identity in the form in which it is kept and looked up; undefined for what identifies nobody: nothing at all, and the
 * domain of a mail service that anyone may have an address at.
 */
export const identityOf = ({ kind, value }: Identity): Identity | undefined => {
  const key = keys[kind](value);
  if (key === '' || (kind === 'domain' && isPublicMailDomain(key))) return undefined;
  return { kind, value: key };
};

export const identityText = ({ kind, value }: Identity): string => `${kind}#${value}`;

type Identifying = Pick<Account, 'domains' | 'taxId' | 'email' | 'externalIds'>;

/** All that identifies an account, each once. */
export const identitiesOf = ({
  domains = [],
  taxId,
  email,
  externalIds,
}: Identifying): readonly Identity[] => {
  const given: readonly Identity[] = [
    ...domains.map((value) => ({ kind: 'domain', value }) as const),
    ...(taxId === undefined ? [] : [{ kind: 'taxId', value: taxId } as const]),
    ...(email === undefined ? [] : [{ kind: 'email', value: email } as const]),
    ...externalIds.map((value) => ({ kind: 'externalId', value }) as const),
  ];
  const known = given.flatMap((identity) => identityOf(identity) ?? []);
  return [...new Map(known.map((identity) => [identityText(identity), identity])).values()];
};
