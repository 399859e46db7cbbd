import { nameKey } from '../../../shared/directory/name-key.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { AccountIdentities } from '../accounts/identities.ts';
import { companyDomainOf } from '../domain/leads/duplicates.ts';
import type { DuplicateOf, Lead } from '../domain/leads/lead.ts';
import type { Contacts } from '../store/contacts.ts';

export interface KnownSources {
  readonly contacts: Contacts;
  readonly accounts: Accounts;
  readonly identities: AccountIdentities;
}

/**
 * The contact or account that a lead repeats: one with its address; else a contact of its name with an address at the same
 * company's domain; else an account of its company's name with that domain.
 */
export const knownAs = async (
  lead: Pick<Lead, 'name' | 'company' | 'email'>,
  { contacts, accounts, identities }: KnownSources,
): Promise<DuplicateOf | undefined> => {
  const { name, company, email } = lead;
  if (email === undefined) return undefined;
  const [contact] = await contacts.withEmail(email);
  if (contact !== undefined) return { kind: 'contact', id: contact.id };
  const [account] = await identities.find({ kind: 'email', value: email });
  if (account !== undefined) return { kind: 'account', id: account };
  const domain = companyDomainOf(lead);
  if (domain === undefined) return undefined;
  const namesake = name === undefined ? undefined : await contacts.namesake(name, domain);
  if (namesake !== undefined) return { kind: 'contact', id: namesake.id };
  if (company === undefined) return undefined;
  const known = await accounts.getMany(await identities.find({ kind: 'domain', value: domain }));
  const same = [...known.values()].find((each) => nameKey(each.name) === nameKey(company));
  return same && { kind: 'account', id: same.id };
};
