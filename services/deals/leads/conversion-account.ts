import { nameKey } from '../../../shared/directory/name-key.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { AccountChanged } from '../../../shared/events/deals.ts';
import { AccountId, type ContactId, derivedId, type MemberId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { companyDomainOf } from '../domain/leads/duplicates.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { SellingDeps } from '../selling-deps.ts';

export interface ConversionAccount {
  readonly account: Account;
  /** It was there before. */
  readonly isKnown: boolean;
  readonly writes: readonly TransactItem[];
}

interface Asked {
  readonly accountId?: AccountId | undefined;
  readonly accountName?: string | undefined;
  readonly contactId?: ContactId | undefined;
  readonly ownerId: MemberId;
}

type Sources = Pick<SellingDeps, 'accounts' | 'contacts' | 'identities' | 'clock'>;

/**
 * The account that a lead becomes part of: the given one, the given contact's, what the lead repeats, the one known by its
 * address or its company's domain; else a new one. A merged one is its survivor.
 * @throws Unprocessable for one that there is not, several that it might be, or none to be named
 */
export const conversionAccount = async (
  lead: Lead,
  asked: Asked,
  sources: Sources,
): Promise<ConversionAccount> => {
  const id = asked.accountId ?? (await knownAccountId(lead, asked, sources));
  if (id === undefined) return newAccount(lead, asked, sources);
  const account = await sources.identities.survivor(id);
  if (account === undefined)
    throw new Unprocessable('The request refers to something that does not exist.', [
      { path: '/accountId', message: `there is no account ${id}` },
    ]);
  return { account, isKnown: true, writes: [] };
};

const knownAccountId = async (
  lead: Lead,
  { contactId }: Asked,
  { accounts, contacts, identities }: Sources,
): Promise<AccountId | undefined> => {
  const { duplicateOf, email, company } = lead;
  const ofContact = contactId ?? (duplicateOf?.kind === 'contact' ? duplicateOf.id : undefined);
  const contact = ofContact && (await contacts.repository.find(ofContact));
  if (contact?.accountId !== undefined) return contact.accountId;
  if (duplicateOf?.kind === 'account') return duplicateOf.id;
  if (email === undefined) return undefined;
  const byEmail = await identities.find({ kind: 'email', value: email });
  const domain = companyDomainOf(lead);
  const found =
    byEmail.length > 0 || domain === undefined
      ? byEmail
      : await identities.find({ kind: 'domain', value: domain });
  if (found.length < 2) return found[0];
  const known = [...(await accounts.getMany(found)).values()];
  const named = known.filter(({ name }) => company !== undefined && nameKey(name) === nameKey(company));
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only.id;
  throw new Unprocessable('Several accounts are known by what the lead tells.', [
    { path: '/accountId', message: `must say which one is meant of ${found.join(', ')}` },
  ]);
};

const newAccount = (
  lead: Lead,
  { accountName, ownerId }: Asked,
  { accounts, clock }: Sources,
): ConversionAccount => {
  const name = accountName ?? lead.company ?? lead.name;
  if (name === undefined)
    throw new Unprocessable('The new account needs a name.', [
      { path: '/accountName', message: 'is required: the lead tells no company and no name' },
    ]);
  const now = clock.now();
  const domain = companyDomainOf(lead);
  const { industry, segment, country, region, postalCode, annualRevenue, territoryId } = lead;
  const told = { industry, segment, country, region, postalCode, annualRevenue, territoryId };
  const account: Account = {
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    id: derivedId(AccountId, 'account', 'lead', lead.id),
    name,
    externalIds: [],
    ...(domain !== undefined && { domains: [domain] }),
    ownerId,
    assignedBy: lead.routedBy.by === 'rules' ? 'rule' : 'hand',
    createdAt: now,
    updatedAt: now,
  };
  return {
    account,
    isKnown: false,
    writes: accounts.writesToCreate(account, AccountChanged),
  };
};
