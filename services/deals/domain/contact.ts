import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import { emailKey } from '../../../shared/directory/name-key.ts';
import { BuyingRole, type ContactState } from '../../../shared/events/leads.ts';
import { AccountId, ContactId, derivedId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { ExternalIds } from './account.ts';

const Text = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);

/** Of someone outside: kept in lower case, for that is how it is looked up. */
export const Email = z
  .string()
  .trim()
  .max(254)
  .transform(emailKey)
  .pipe(z.email('must be an e-mail address such as rosa@example.com'));

/** Digits and what people write between them. */
export const Phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^[+(]?\d[\d\s().\-/x]*$/i, 'must be a phone number such as +39 051 123456');

export const JobTitle = Text(100);
export const FirstName = Text(100);
export const LastName = Text(100);
export const Notes = z.string().trim().min(1, 'must not be empty').max(4_000);

/** What a contact may tell. */
export const ContactDetails = z.object({
  firstName: FirstName,
  lastName: LastName,
  email: Email,
  phone: Phone,
  jobTitle: JobTitle,
  accountId: AccountId,
  role: BuyingRole.describe('The part in buying.'),
  notes: Notes,
});

/** A person whom one sells to. An erased one is left as a tombstone that tells nothing of the person. */
export const Contact = ContactDetails.partial().extend({
  id: ContactId,
  externalIds: ExternalIds,
  sharesEmail: z
    .literal(true)
    .optional()
    .describe(
      'Another contact of the account has the same address: they came together when accounts were merged.',
    ),
  deleted: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Contact = z.infer<typeof Contact>;

/** The same contact of the other system is the same contact here. */
export const contactIdOfExternal = (externalId: string): ContactId =>
  derivedId(ContactId, 'contact', 'external', externalId);

/** Of a file that knows people by nothing but their e-mail address, which is one person on each account. */
export const contactIdOfEmail = (email: string, accountId: AccountId | undefined): ContactId =>
  derivedId(ContactId, 'contact', 'email', emailKey(email), accountId ?? '');

export const fullName = ({ firstName, lastName }: Pick<Contact, 'firstName' | 'lastName'>): string =>
  [firstName, lastName].filter((part) => part !== undefined).join(' ');

/** A name as people write it in one field: the last word is the family name. */
export const splitName = (name: string): Pick<Contact, 'firstName' | 'lastName'> => {
  const words = name.trim().split(/\s+/);
  const first = words.slice(0, -1).join(' ').slice(0, 100);
  return { ...(first !== '' && { firstName: first }), lastName: words.at(-1)?.slice(0, 100) };
};

/** @throws Unprocessable for a contact that nobody could call by a name */
export const assertNamed = (contact: Pick<Contact, 'firstName' | 'lastName'>): void => {
  if (fullName(contact) !== '') return;
  const missing: InputError = { path: '/lastName', message: 'is required unless there is a firstName' };
  throw new Unprocessable('A contact needs a name.', [missing]);
};

/** What events tell of a contact: nothing that says who it is. */
export const contactState = ({ id, accountId, role, deleted }: Contact): ContactState => ({
  id,
  ...(accountId !== undefined && { accountId }),
  ...(role !== undefined && { role }),
  deleted,
});

/** What is left of an erased contact: that there was one, and on which account. */
export const erasedContact = ({ id, accountId, createdAt }: Contact, now: Instant): Contact => ({
  id,
  ...(accountId !== undefined && { accountId }),
  externalIds: [],
  deleted: true,
  createdAt,
  updatedAt: now,
});
