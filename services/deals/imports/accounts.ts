import * as z from 'zod';
import { Directory } from '../../../shared/directory/directory.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AccountChanged } from '../../../shared/events/deals.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import { importHandler, type ImportRow } from '../../../shared/imports/kind.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import {
  type Account,
  AccountDetails,
  AccountDomains,
  accountIdOfExternal,
  accountIdOfName,
  AccountName,
  ExternalId,
} from '../domain/account.ts';
import { type AssignmentRules, decided, deciderOf } from '../domain/account-assignment.ts';
import { patched } from '../domain/patch.ts';
import { Accounts } from '../accounts/accounts.ts';
import { assignmentRulesOf } from '../assignment-rules.ts';
import { accountImport, type AccountField } from './kinds.ts';
import type { Lookup } from './lookup.ts';
import { accountLookup } from './lookups.ts';
import { memberReferred, territoryReferred } from './members.ts';
import { outcomes, Pending, type Taken } from './pending.ts';
import { optionalCell, quoted, refusal, requiredCell, RowRefused } from './row.ts';

type Row = ImportRow<AccountField>;

/** What the row is known by: its id here where it has it, else its external id, else its name. */
const referenceOf = ({ cells }: Row): string => cells.id ?? cells.externalId ?? cells.name ?? '';

const { industry, segment, country, region, postalCode, taxId, email } = AccountDetails.shape;

/** A number as files have it, without thousands separators. */
const annualRevenue = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number such as 1250000')
  .transform(Number)
  .pipe(AccountDetails.shape.annualRevenue);

const domains = z
  .string()
  .transform((cell) => cell.split(/[\s,;|]+/).filter((part) => part !== ''))
  .pipe(AccountDomains);

const detailsOf = (row: Row, directory: DirectorySnapshot) => {
  const { owner, territory } = row.cells;
  return {
    industry: optionalCell(row, 'industry', industry),
    segment: optionalCell(row, 'segment', segment),
    country: optionalCell(row, 'country', country),
    region: optionalCell(row, 'region', region),
    postalCode: optionalCell(row, 'postalCode', postalCode),
    annualRevenue: optionalCell(row, 'annualRevenue', annualRevenue),
    domains: optionalCell(row, 'domains', domains),
    taxId: optionalCell(row, 'taxId', taxId),
    email: optionalCell(row, 'email', email),
    ownerId: owner === undefined ? undefined : memberReferred(directory, 'owner', owner),
    territoryId: territory === undefined ? undefined : territoryReferred(directory, 'territory', territory),
  };
};

const present = <T extends object>(details: T) =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };

interface Page {
  readonly lookup: Lookup<Account>;
  readonly pending: Pending<Account>;
  readonly directory: DirectorySnapshot;
  readonly rules: AssignmentRules;
  readonly now: Instant;
}

/** The row's account: made, brought up to date, or the very same object where nothing changes. */
const accountOf = async (row: Row, { lookup, pending, directory, rules, now }: Page): Promise<Account> => {
  const name = requiredCell(row, 'name', AccountName);
  const externalId = optionalCell(row, 'externalId', ExternalId);
  const referred = lookup.get(referenceOf(row));
  if (referred !== undefined && 'several' in referred)
    throw new RowRefused('name', `several accounts are named ${quoted(name)}; give the external id`);
  const given = optionalCell(row, 'id', AccountId);
  if (given !== undefined && referred === undefined)
    throw new RowRefused('id', `there is no account ${quoted(given)}`);
  const id =
    referred?.found.id ??
    (externalId === undefined ? accountIdOfName(name) : accountIdOfExternal(externalId));
  const details = detailsOf(row, directory);
  const known = pending.get(id);
  const decidedOn = async (after: Account) =>
    decided(after, deciderOf(after, { before: known, given: details }), () => rules);
  if (known === undefined)
    return decidedOn({
      ...present(details),
      id,
      name,
      externalIds: externalId === undefined ? [] : [externalId],
      createdAt: now,
      updatedAt: now,
    });
  // Known by its name alone, it may have been renamed since: the file's name is how it was found.
  const changed = await decidedOn(
    patched(known, { ...details, ...((given ?? externalId) !== undefined && { name }) }),
  );
  return changed === known ? known : { ...changed, updatedAt: now };
};

const takeIn = async (row: Row, page: Page): Promise<Taken<AccountField>> => {
  try {
    const account = await accountOf(row, page);
    return { id: account.id, outcome: page.pending.put(account, AccountChanged) };
  } catch (error) {
    return { id: undefined, outcome: refusal<AccountField>(error) };
  }
};

/** Takes in accounts: by external id, else by name. */
export const accountImportHandler = (table: Table) =>
  importHandler(accountImport, ({ dryRun, cause, clock }) => {
    const repository = new Accounts(table, cause);
    const directory = new Directory(table);
    return Promise.resolve(async (rows: readonly Row[]) => {
      const lookup = accountLookup(repository);
      const [snapshot] = await Promise.all([directory.snapshot(), lookup.load(rows.map(referenceOf))]);
      const stored = rows.flatMap((row) => {
        const referred = lookup.get(referenceOf(row));
        return referred !== undefined && 'found' in referred ? [referred.found] : [];
      });
      const pending = new Pending(await repository.getMany(stored.map(({ id }) => id)));
      const now = clock.now();
      const rules = assignmentRulesOf(snapshot, now);
      const page = { lookup, pending, directory: snapshot, rules, now };
      const taken: Taken<AccountField>[] = [];
      // In their order: a later row of the same account builds on the earlier one.
      for (const row of rows) taken.push(await takeIn(row, page));
      return outcomes(taken, dryRun ? new Set() : await pending.write(repository));
    });
  });
