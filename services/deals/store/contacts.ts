import { nameKey } from '../../../shared/directory/name-key.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed, TransactionConflict } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, Conflict, NotFound, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { ContactChanged } from '../../../shared/events/leads.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';
import type { AccountId, ContactId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { contactIdentityWrites } from '../accounts/identities.ts';
import { type Contact, erasedContact } from '../domain/contact.ts';
import { isSame } from '../domain/patch.ts';
import {
  contactEmailItem,
  contactEmailKey,
  contactEmails,
  contactEntity,
  CONTACTS,
  contactsOfAccount,
} from './contact-entity.ts';
import { claimedOrigin } from './create-as.ts';
import { mergedQuery } from './merged-query.ts';

const MOST_NAMESAKES = 50;

/** Contacts with their e-mail addresses, each of which is one contact's on each account: both are written at once. */
export class Contacts {
  readonly repository: Repository<Contact>;
  readonly #table: Table;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.repository = new Repository(table, contactEntity, cause);
  }

  /** @throws NotFound for one that there is not, or that was erased */
  async get(id: ContactId): Promise<Stored<Contact>> {
    const contact = await this.repository.get(id);
    if (contact.deleted) throw new NotFound(`contact ${id}`);
    return contact;
  }

  /** Those of any account with this address; consistent with the last write. */
  async withEmail(email: string): Promise<readonly Stored<Contact>[]> {
    const { items } = await this.#table.query({ pk: contactEmails(email) });
    const ids = items.map(({ contactId }) => String(contactId));
    return [...(await this.repository.getMany(ids)).values()].filter(({ deleted }) => !deleted);
  }

  /** One of this name whose address is at this domain; a moment behind. The first 50 of the name are looked at. */
  async namesake(name: string, domain: string): Promise<Stored<Contact> | undefined> {
    const skPrefix = `${nameKey(name)}#`;
    const { items } = await this.repository.queryIndex('gsi2', CONTACTS, { skPrefix, limit: MOST_NAMESAKES });
    return items.find(({ email }) => email?.split('@').at(-1) === domain);
  }

  /** All, or an account's, by name; from a sort key on. */
  byName(
    accountId: AccountId | undefined,
    { from = '', expected }: { readonly from: string | undefined; readonly expected: number },
  ): AsyncGenerator<Item> {
    const [index, partition] =
      accountId === undefined
        ? (['gsi2', CONTACTS] as const)
        : (['gsi1', contactsOfAccount(accountId)] as const);
    return mergedQuery({
      table: this.#table,
      index,
      partitions: [partition],
      range: { from, to: '\uffff' },
      descending: false,
      expected,
    });
  }

  /** The one with this address on this account. */
  async onAccount(accountId: AccountId, email: string): Promise<Stored<Contact> | undefined> {
    const item = await this.#table.get({ pk: contactEmails(email), sk: accountId });
    return item && this.repository.find(String(item.contactId));
  }

  /** The writes that make it, for a transaction: its own comes first. */
  writesToCreate(contact: Contact, requestHash?: string): readonly TransactItem[] {
    const claim = contactEmailItem(contact);
    return [
      this.repository.writeFor(contact, ContactChanged, { requestHash }),
      ...(claim === undefined ? [] : [{ put: claim, condition: absent }]),
      ...contactIdentityWrites(contact.id, contact),
    ];
  }

  /** The writes that save it, for a transaction: its own comes first. */
  writesToSave(contact: Contact, from: Stored<Contact>): readonly TransactItem[] {
    const [before, after] = [contactEmailKey(from), contactEmailKey(contact)];
    const claim = contactEmailItem(contact);
    const moved: readonly TransactItem[] = isSame(before, after)
      ? []
      : [
          ...(claim === undefined ? [] : [{ put: claim, condition: absent }]),
          ...(before === undefined ? [] : [{ remove: before, condition: equals({ contactId: contact.id }) }]),
        ];
    return [
      this.repository.writeFor({ ...contact, version: from.version }, ContactChanged),
      ...moved,
      ...contactIdentityWrites(contact.id, contact, from),
    ];
  }

  /**
   * Creates it, once for a repeated request.
   * @throws AlreadyExists where its external id is taken; Conflict naming whose its address is on its account
   */
  async create(
    contact: Contact,
    { idempotencyKey, requestHash }: Partial<Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>> = {},
  ): Promise<Stored<Contact>> {
    const origin =
      idempotencyKey === undefined || requestHash === undefined
        ? undefined
        : await claimedOrigin(this.#table, idempotencyKey, requestHash);
    try {
      await this.#table.transact(this.writesToCreate(contact, origin));
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (!error.indexes.includes(0)) throw takenBy(contact, error);
      const existing = await this.repository.get(contact.id);
      if (origin !== undefined && error.existing.get(0)?.requestHash === origin) return existing;
      throw new AlreadyExists(`contact ${contact.id}`, existing);
    }
    return { ...contact, version: 1 };
  }

  /**
   * Writes it, if nobody has since it was read as `from`.
   * @throws PreconditionFailed; Conflict naming whose its address is on its account
   */
  async save(contact: Contact, from: Stored<Contact>): Promise<Stored<Contact>> {
    const isElsewhere = contact.email !== from.email || contact.accountId !== from.accountId;
    // A new address, or one on another account, is the contact's own again.
    return this.#save(isElsewhere ? { ...contact, sharesEmail: undefined } : contact, from);
  }

  /** Takes it to the account that its own was merged into, also where a contact of the same address is there. @throws PreconditionFailed */
  async move(contact: Contact, from: Stored<Contact>): Promise<Stored<Contact>> {
    try {
      return await this.save(contact, from);
    } catch (error) {
      if (!(error instanceof Conflict) || error instanceof TransactionConflict) throw error;
      return this.#save({ ...contact, sharesEmail: true }, from);
    }
  }

  async #save(contact: Contact, from: Stored<Contact>): Promise<Stored<Contact>> {
    try {
      await this.#table.transact(this.writesToSave(contact, from));
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.indexes.includes(0))
        throw new PreconditionFailed(`The contact ${contact.id} was changed by someone else meanwhile.`);
      throw takenBy(contact, error);
    }
    return { ...contact, version: from.version + 1 };
  }

  /** Empties what it told of the person; the tombstone stays under its id. */
  async erase(contact: Stored<Contact>, now: Instant): Promise<void> {
    await this.save(erasedContact(contact, now), contact);
  }
}

const takenBy = ({ accountId }: Contact, { existing }: ConditionFailed): Conflict => {
  const [claim] = existing.values();
  const other = typeof claim?.contactId === 'string' ? claim.contactId : 'another one';
  return new Conflict(`The account ${String(accountId)} has a contact with this e-mail address: ${other}.`, [
    { path: '/email', message: `must not be that of ${other}; change that contact instead` },
  ]);
};
