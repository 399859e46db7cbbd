import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { BuyingRole } from '../../../shared/events/leads.ts';
import { saysNoMoreThan } from '../../../shared/exports/says-no-more.ts';
import { changedFields } from '../../../shared/imports/changed-fields.ts';
import { importHandler, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import { type AccountId, ContactId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { Accounts } from '../accounts/accounts.ts';
import { AccountIdentities } from '../accounts/identities.ts';
import { type Account, ExternalId } from '../domain/account.ts';
import {
  assertNamed,
  type Contact,
  ContactDetails,
  contactIdOfEmail,
  contactIdOfExternal,
} from '../domain/contact.ts';
import { patched } from '../domain/patch.ts';
import { contactCells } from '../exports/cells.ts';
import { Contacts } from '../store/contacts.ts';
import { contactImport, type ContactField } from './kinds.ts';
import type { Lookup } from './lookup.ts';
import { accountLookup } from './lookups.ts';
import { optionalCell, quoted, RowRefused } from './row.ts';
import { rowByRow } from './row-by-row.ts';

type Row = ImportRow<ContactField>;
const { shape } = ContactDetails;

interface Page {
  readonly contacts: Contacts;
  readonly lookup: Lookup<Account>;
  readonly identities: AccountIdentities;
  readonly dryRun: boolean;
  readonly now: Instant;
}

/** The account that the row names; of a merged one its survivor. */
const accountOf = async ({ cells }: Row, { lookup, identities }: Page): Promise<AccountId | undefined> => {
  const { account } = cells;
  if (account === undefined) return undefined;
  const referred = lookup.get(account);
  if (referred === undefined) throw new RowRefused('account', `there is no account ${quoted(account)}`);
  if ('several' in referred)
    throw new RowRefused('account', `several accounts are named ${quoted(account)}; give the external id`);
  return (await identities.survivor(referred.found.id))?.id;
};

const detailsOf = (row: Row) => ({
  firstName: optionalCell(row, 'firstName', shape.firstName),
  lastName: optionalCell(row, 'lastName', shape.lastName),
  email: optionalCell(row, 'email', shape.email),
  phone: optionalCell(row, 'phone', shape.phone),
  jobTitle: optionalCell(row, 'jobTitle', shape.jobTitle),
  role: optionalCell(row, 'role', BuyingRole),
  notes: optionalCell(row, 'notes', shape.notes),
});

/** Makes the contact that the row is about, or brings it up to date. */
const takeIn = async (row: Row, page: Page): Promise<RowOutcome<ContactField>> => {
  const { contacts, dryRun, now } = page;
  const externalId = optionalCell(row, 'externalId', ExternalId);
  const byId = await named(row, contacts);
  if (byId !== undefined && saysNoMoreThan(row, contactCells(byId))) return { outcome: 'unchanged' };
  const given = detailsOf(row);
  if (byId === undefined && externalId === undefined && given.email === undefined)
    throw new RowRefused('email', 'is empty: a contact is known by its external id or its e-mail address');
  const accountId = await accountOf(row, page);
  const details = { ...given, accountId };
  const id =
    externalId === undefined
      ? contactIdOfEmail(given.email ?? '', accountId)
      : contactIdOfExternal(externalId);
  const known = byId ?? (await contacts.repository.find(id)) ?? (await ofAddress(details, contacts));
  if (known?.deleted === true) throw new RowRefused('externalId', 'was erased, and does not come back');
  if (known === undefined) {
    const fresh: Contact = {
      ...Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
      id,
      externalIds: externalId === undefined ? [] : [externalId],
      deleted: false,
      createdAt: now,
      updatedAt: now,
    };
    assertNamed(fresh);
    if (!dryRun) await contacts.create(fresh);
    return { outcome: 'created', id };
  }
  const externalIds =
    externalId === undefined || known.externalIds.includes(externalId)
      ? known.externalIds
      : [...known.externalIds, externalId].slice(-10);
  const changed = patched<Contact>(known, { ...details, externalIds });
  if (changed === known) return { outcome: 'unchanged' };
  if (!dryRun) await contacts.save({ ...changed, updatedAt: now }, known);
  return { outcome: 'updated', id: known.id, changes: changedFields(known, changed) };
};

/** The one that the row has the id of, if it has one. @throws RowRefused where there is none */
const named = async (row: Row, contacts: Contacts): Promise<Stored<Contact> | undefined> => {
  const id = optionalCell(row, 'id', ContactId);
  if (id === undefined) return undefined;
  const found = await contacts.repository.find(id);
  if (found === undefined || found.deleted) throw new RowRefused('id', `there is no contact ${quoted(id)}`);
  return found;
};

const ofAddress = async (
  { accountId, email }: { readonly accountId: AccountId | undefined; readonly email: string | undefined },
  contacts: Contacts,
): Promise<Stored<Contact> | undefined> =>
  accountId === undefined || email === undefined ? undefined : contacts.onAccount(accountId, email);

/** Takes in contacts: by id where the row has one, by external id, else by the e-mail address on the account. Cells that are empty leave what is there. */
export const contactImportHandler = (table: Table) =>
  importHandler(contactImport, ({ dryRun, cause, clock }) => {
    const [accounts, contacts] = [new Accounts(table, cause), new Contacts(table, cause)];
    const identities = new AccountIdentities(table);
    return Promise.resolve(async (rows: readonly Row[]) => {
      const lookup = accountLookup(accounts);
      await lookup.load(rows.flatMap(({ cells }) => cells.account ?? []));
      const page = { contacts, lookup, identities, dryRun, now: clock.now() };
      const keyOf = ({ cells }: Row) => cells.email?.toLowerCase() ?? cells.externalId ?? cells.id ?? '';
      return rowByRow(rows, keyOf, async (row) => takeIn(row, page));
    });
  });
