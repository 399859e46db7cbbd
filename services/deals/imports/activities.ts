import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import {
  ActivityChanged,
  ActivityKind,
  ActivityLogged,
  ActivityStatus,
} from '../../../shared/events/activities.ts';
import { saysNoMoreThan } from '../../../shared/exports/says-no-more.ts';
import { importHandler, type ImportRow } from '../../../shared/imports/kind.ts';
import { type AccountId, ActivityId, ContactId, DealId, LeadId } from '../../../shared/ids/id.ts';
import { Day, type Instant } from '../../../shared/time/instant.ts';
import * as z from 'zod';
import { attributed } from '../activities/attributed.ts';
import type { Subjects } from '../activities/subjects.ts';
import {
  type Activity,
  ActivityDetails,
  activityIdOfExternal,
  ExternalId,
  newActivity,
} from '../domain/activities/activity.ts';
import type { Account } from '../domain/account.ts';
import { dealIdOfExternal } from '../domain/deal.ts';
import { activityCells } from '../exports/cells.ts';
import { sellingDeps } from '../selling-deps.ts';
import { accountEntity } from '../store/entities.ts';
import { countCell, instantCell, referredId, rowHash } from './cells.ts';
import { activityImport, type ActivityField } from './kinds.ts';
import type { Lookup } from './lookup.ts';
import { accountLookup } from './lookups.ts';
import { memberReferred } from './members.ts';
import { outcomes, Pending, type Taken } from './pending.ts';
import { optionalCell, quoted, refusal, requiredCell, RowRefused } from './row.ts';

type Row = ImportRow<ActivityField>;
const CONCURRENCY = 16;

const fieldOf: Readonly<Record<string, ActivityField>> = {
  '/status': 'status',
  '/occurredAt': 'occurredAt',
  '/dueOn': 'dueOn',
  '/outcome': 'outcome',
  '/accountId': 'account',
  '/contactId': 'contact',
  '/leadId': 'lead',
  '/dealId': 'deal',
};

interface Page {
  readonly accounts: Lookup<Account>;
  readonly account: (id: AccountId) => Promise<Account | undefined>;
  readonly subjects: Subjects;
  readonly directory: DirectorySnapshot;
  readonly pending: Pending<Activity>;
  readonly now: Instant;
}

/** Looks each up once: a file names the same few over and over. */
const onceEach = <Id, Found>(find: (id: Id) => Promise<Found>): ((id: Id) => Promise<Found>) => {
  const known = new Map<Id, Promise<Found>>();
  return async (id) => {
    const found = known.get(id) ?? find(id);
    known.set(id, found);
    return found;
  };
};

const { subjectLine, notes, outcome, durationMinutes, nextStep } = ActivityDetails.shape;

const dealIn = ({ cells: { deal } }: Row): DealId | undefined => {
  if (deal === undefined) return undefined;
  const id = DealId.safeParse(deal);
  return id.success ? id.data : dealIdOfExternal(deal);
};

const present = <T extends object>(details: T) =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };

/** The activity's own where the row has it, else the one that follows from its external id. */
const idOf = ({ cells }: Row): ActivityId =>
  ActivityId.safeParse(cells.id).data ?? activityIdOfExternal(cells.externalId ?? '');

/** Whether the row has the id of an activity and says nothing new of it. @throws RowRefused where there is none of that id */
const isKnown = (row: Row, pending: Pending<Activity>): boolean => {
  if (row.cells.id === undefined) return false;
  const before = pending.get(optionalCell(row, 'id', ActivityId) ?? '');
  if (before === undefined || before.deleted)
    throw new RowRefused('id', `there is no activity ${quoted(row.cells.id)}`);
  return saysNoMoreThan(row, activityCells(before));
};

/** The row's activity, as if it were new. @throws RowRefused, Unprocessable */
const toldOf = async (row: Row, page: Page): Promise<Activity> => {
  const { account, accounts, subjects, directory, now } = page;
  const { timeZone } = directory.organization;
  const externalId =
    row.cells.id === undefined
      ? requiredCell(row, 'externalId', ExternalId)
      : optionalCell(row, 'externalId', ExternalId);
  const { deal, ...about } = await subjects.resolve({
    accountId: referredId<AccountId, ActivityField>(row, 'account', (text) => accounts.get(text)),
    contactId: optionalCell(row, 'contact', ContactId),
    leadId: optionalCell(row, 'lead', LeadId),
    dealId: dealIn(row),
  });
  const activity = newActivity(
    {
      ...present({
        status: optionalCell(row, 'status', ActivityStatus),
        occurredAt: instantCell(row, 'occurredAt', timeZone),
        dueOn: optionalCell(row, 'dueOn', Day),
        subjectLine: optionalCell(row, 'subjectLine', subjectLine),
        notes: optionalCell(row, 'notes', notes),
        outcome: optionalCell(row, 'outcome', outcome),
        durationMinutes: countCell(row, 'durationMinutes', durationMinutes),
        nextStep: optionalCell(row, 'nextStep', nextStep),
      }),
      ...present(about),
      id: idOf(row),
      kind: requiredCell(row, 'kind', ActivityKind),
      ownerId: memberReferred(directory, 'owner', requiredCell(row, 'owner', z.string())),
      ...present({ externalId }),
      importHash: rowHash(row),
    },
    { now, timeZone },
  );
  return attributed(activity, {
    organization: () => directory.organization,
    directory,
    account: async (id) => account(id),
    deal: () => deal,
    now: () => now,
  });
};

/** What is dated by its row’s coming, for the row has no date, keeps the date that it came first. */
const changedBy = (told: Activity, { createdAt, occurredAt }: Activity): Activity => ({
  ...told,
  createdAt,
  ...(told.occurredAt === told.createdAt && occurredAt !== undefined && { occurredAt }),
});

/** A row that comes again changes nothing, whatever was done to the activity since; another one brings it to what it says. */
const putInto = (
  pending: Pending<Activity>,
  told: Activity,
  { isById }: { readonly isById: boolean },
): Taken<ActivityField> => {
  const before = pending.get(told.id);
  if (before?.deleted === true)
    throw new RowRefused('externalId', 'the activity was deleted here; it is not taken in again');
  const isSameRow = before?.importHash === told.importHash;
  const after =
    before === undefined ? told : isSameRow ? before : { ...(isById && before), ...changedBy(told, before) };
  const event = pending.stored(told.id) === undefined ? ActivityLogged : ActivityChanged;
  return { id: told.id, outcome: pending.put(after, event) };
};

/** Takes in activities by their ids where rows have them, else by their external ids. Of one known by its id, empty cells leave what is there. */
export const activityImportHandler = (table: Table) =>
  importHandler(activityImport, async ({ dryRun, cause, clock, importId }) => {
    const directory = new Directory(table);
    // Whoever started the import may import everything.
    const actor = { kind: 'client', id: importId } as const;
    const { activities } = sellingDeps({ table, directory, cause, clock, actor });
    const { store, subjects } = activities;
    const repository = new Repository(table, accountEntity, cause);
    const accounts = accountLookup(repository);
    return Promise.resolve(async (rows: readonly Row[]) => {
      const [snapshot, stored] = await Promise.all([
        directory.snapshot(),
        store.getMany(rows.map(idOf)),
        accounts.load(rows.flatMap(({ cells }) => cells.account ?? [])),
      ]);
      const pending = new Pending(stored);
      const account = onceEach(async (id: AccountId) => repository.find(id));
      const page = { account, accounts, subjects, directory: snapshot, pending, now: clock.now() };
      const told = await mapConcurrently(rows, CONCURRENCY, async (row) => {
        try {
          if (isKnown(row, pending)) return { known: idOf(row) };
          return { activity: await toldOf(row, page), isById: row.cells.id !== undefined };
        } catch (error) {
          return { refused: refusal<ActivityField>(error, fieldOf) };
        }
      });
      const taken = told.map((each): Taken<ActivityField> => {
        if (each.known !== undefined) return { id: each.known, outcome: { outcome: 'unchanged' } };
        if (each.activity === undefined) return { id: undefined, outcome: each.refused };
        try {
          return putInto(pending, each.activity, each);
        } catch (error) {
          return { id: undefined, outcome: refusal<ActivityField>(error, fieldOf) };
        }
      });
      if (dryRun) return outcomes(taken, new Set());
      const write = {
        create: store.create.bind(store),
        save: async (
          activity: Activity & { readonly version: number },
          event: Parameters<typeof store.create>[1] = [],
        ) => {
          const from = stored.get(activity.id);
          if (from === undefined) throw new TypeError(`${activity.id} was not read.`);
          return store.save(activity, { from, event });
        },
      };
      return outcomes(taken, await pending.write(write));
    });
  });
