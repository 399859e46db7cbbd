import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import { ContactId, derivedId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { type Contact, splitName } from '../domain/contact.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { SellingDeps } from '../selling-deps.ts';

export interface ConversionContact {
  readonly id: ContactId;
  readonly writes: readonly TransactItem[];
}

type Sources = Pick<SellingDeps, 'contacts' | 'identities' | 'clock'>;

/**
 * The contact that a lead becomes on its account: the given one, the one with its address, else a new one; none for a lead
 * that tells of no person.
 * @throws Unprocessable for a contact that there is not, or of another account
 */
export const conversionContact = async (
  lead: Lead,
  account: Account,
  contactId: ContactId | undefined,
  sources: Sources,
): Promise<ConversionContact | undefined> => {
  if (contactId !== undefined) return givenContact(contactId, account, sources);
  const { contacts, clock } = sources;
  const { name, email, phone, jobTitle, message } = lead;
  const known = email === undefined ? undefined : await contacts.onAccount(account.id, email);
  if (known !== undefined) return { id: known.id, writes: [] };
  const called = name ?? email?.split('@')[0];
  if (called === undefined) return undefined;
  const now = clock.now();
  const told = { email, phone, jobTitle, notes: message };
  const contact: Contact = {
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    ...splitName(called),
    id: derivedId(ContactId, 'contact', 'lead', lead.id),
    accountId: account.id,
    externalIds: [],
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
  return { id: contact.id, writes: contacts.writesToCreate(contact) };
};

const givenContact = async (
  contactId: ContactId,
  account: Account,
  { contacts, identities, clock }: Sources,
): Promise<ConversionContact> => {
  const contact = await contacts.repository.find(contactId);
  if (contact === undefined || contact.deleted) throw unfit(`there is no contact ${contactId}`);
  if (contact.accountId === undefined) {
    const moved = { ...contact, accountId: account.id, updatedAt: clock.now() };
    return { id: contactId, writes: contacts.writesToSave(moved, contact) };
  }
  const its = await identities.survivor(contact.accountId);
  if (its?.id !== account.id) throw unfit(`must be a contact of ${account.id}, not of ${contact.accountId}`);
  return { id: contactId, writes: [] };
};

const unfit = (message: string): Unprocessable => {
  const error: InputError = { path: '/contactId', message };
  return new Unprocessable('The contact is none of the account’s.', [error]);
};
