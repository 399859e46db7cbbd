import { createHash } from 'node:crypto';
import { emailKey, nameKey } from '../../../shared/directory/name-key.ts';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import { Contact, contactState, fullName } from '../domain/contact.ts';

export const contactsOfAccount = (accountId: string): string => `contact#account#${accountId}`;
export const CONTACTS = 'contacts';

/** `<name>#<id>`: people in the order of their names. */
export const contactSortKey = (contact: Contact): string => `${nameKey(fullName(contact))}#${contact.id}`;

export const contactEntity = defineEntity<Contact>({
  type: 'contact',
  schema: Contact,
  key: (id) => ({ pk: `contact#${id}`, sk: 'state' }),
  indexes: (contact) => {
    if (contact.deleted) return {};
    const sk = contactSortKey(contact);
    return {
      ...(contact.accountId && { gsi1pk: contactsOfAccount(contact.accountId), gsi1sk: sk }),
      gsi2pk: CONTACTS,
      gsi2sk: sk,
    };
  },
  project: contactState,
});

/** Whose an e-mail address is, on each account. */
export const CONTACT_EMAIL = 'contact-email';

/** A hash, for keys show up in traces and dead letters. */
export const contactEmails = (email: string): string =>
  `contact#email#${createHash('sha256').update(emailKey(email)).digest('base64url')}`;

/** On an account an address is one contact's; without an account everyone may have it. */
export const contactEmailKey = ({ id, email, accountId, sharesEmail }: Contact): Key | undefined => {
  if (email === undefined) return undefined;
  const isOwn = accountId !== undefined && sharesEmail !== true;
  return { pk: contactEmails(email), sk: isOwn ? accountId : `${accountId ?? '-'}#${id}` };
};

export const contactEmailItem = (contact: Contact): Item | undefined => {
  const key = contactEmailKey(contact);
  return key && { ...key, type: CONTACT_EMAIL, contactId: contact.id };
};
