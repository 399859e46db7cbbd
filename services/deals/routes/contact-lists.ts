import * as z from 'zod';
import { nameKey } from '../../../shared/directory/name-key.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import { type Contact, Email, fullName } from '../domain/contact.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { contactSortKey } from '../store/contact-entity.ts';
import { type WantedPage, wantedPage } from '../store/wanted-page.ts';
import { ContactResource } from './contacts.ts';

const contains =
  (q: string | undefined) =>
  (contact: Contact): boolean =>
    q === undefined || nameKey(fullName(contact)).includes(nameKey(q));

/** One address has a contact on each account at most: few enough to be sorted here. */
const ofAddress = (
  contacts: readonly Stored<Contact>[],
  {
    accountId,
    limit,
    after = '',
    isWanted,
  }: {
    readonly accountId: AccountId | undefined;
    readonly limit: number;
    readonly after: string | undefined;
    readonly isWanted: (contact: Contact) => boolean;
  },
): WantedPage<Contact> => {
  const rest = contacts
    .filter((contact) => accountId === undefined || contact.accountId === accountId)
    .filter((contact) => isWanted(contact) && contactSortKey(contact) > after)
    .toSorted((a, b) => (contactSortKey(a) < contactSortKey(b) ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(rest.length > limit && last && { after: contactSortKey(last) }) };
};

const listContacts = route({
  method: 'GET',
  path: '/v1/contacts',
  scope: 'sales/deals.read',
  summary: 'List contacts by name',
  description:
    'All, an account’s, or those with an e-mail address. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    accountId: AccountId.optional(),
    email: Email.optional().describe('The whole address, in any case.'),
    q: z.string().trim().min(1).max(100).optional().describe('Text in the name, in any case.'),
  }),
  response: page(ContactResource),
  async handle({ query }, { contacts }: SellingDeps) {
    const { limit, accountId, email, q } = query;
    const binding = { list: 'contacts', accountId, email, q };
    const after = positionOf(query, binding)?.after;
    const isWanted = contains(q);
    const position = after === undefined ? undefined : String(after);
    const wanted = { keyOf: contactSortKey, limit, after: position, isWanted };
    const found =
      email === undefined
        ? await wantedPage(contacts.byName(accountId, { from: position, expected: limit }), wanted)
        : ofAddress(await contacts.withEmail(email), { accountId, ...wanted });
    return pageOf(found.items, found.after === undefined ? undefined : { after: found.after }, binding);
  },
});

export const contactListRoutes = [listContacts] as const;
