import { identityOf } from '../account-identity.ts';
import type { Lead } from './lead.ts';

/** The domain that a company's people have their addresses at; undefined for free mail, which says nothing of a company. */
export const companyDomainOf = ({ email }: Pick<Lead, 'email'>): string | undefined => {
  const domain = email?.split('@').at(-1);
  return domain === undefined ? undefined : identityOf({ kind: 'domain', value: domain })?.value;
};
