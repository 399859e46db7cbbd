import { storedFrom } from '../../../../shared/dynamodb/entity.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import type { Contact } from '../../domain/contact.ts';
import { contactsOfAccount } from '../../store/contact-entity.ts';
import { Contacts } from '../../store/contacts.ts';
import { isGone } from './gone.ts';
import type { MoverKind } from './mover.ts';

const PAGE = 25;

/** Contacts, with the e-mail addresses that identify their account. */
export const moveContacts: MoverKind = {
  kind: 'contacts',
  open: ({ table }, { cause, clock }) => {
    const contacts = new Contacts(table, cause);
    return {
      list: async (accountId, after) => {
        const { items, lastKey } = await table.query({
          index: 'gsi1',
          pk: contactsOfAccount(accountId),
          limit: PAGE,
          after,
        });
        return { ids: items.map((item) => storedFrom<Contact>(item).id), after: lastKey };
      },
      move: async (id, from, to) =>
        untilSaved(async () => {
          const contact = await contacts.repository.find(id);
          if (contact?.accountId === to) return 'there';
          if (isGone(contact) || contact.accountId !== from) return 'elsewhere';
          await contacts.move({ ...contact, accountId: to, updatedAt: clock.now() }, contact);
          return 'moved';
        }),
    };
  },
};
