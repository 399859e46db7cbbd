import * as z from 'zod';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { FeedbackKind } from '../../../shared/events/feedback.ts';
import { saysNoMoreThan } from '../../../shared/exports/says-no-more.ts';
import { changedFields } from '../../../shared/imports/changed-fields.ts';
import { importHandler, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import {
  DealId,
  derivedId,
  FeedbackId,
  OrderId,
  type AccountId,
  type StoreId,
} from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { dealIdOfExternal } from '../domain/deal.ts';
import { feedbackCells } from '../exports/cells.ts';
import { Answer, feedbackIdOfExternal, type Feedback, Scale } from '../domain/feedback.ts';
import { type FeedbackIntake, replaced } from '../feedback/take-in.ts';
import { sellingDeps } from '../selling-deps.ts';
import { accountEntity } from '../store/entities.ts';
import { feedbackEntity } from '../store/feedback.ts';
import { countCell, instantCell, referredId } from './cells.ts';
import { feedbackImport, type FeedbackField } from './kinds.ts';
import type { Lookup } from './lookup.ts';
import { accountLookup } from './lookups.ts';
import { optionalCell, quoted, refusal, requiredCell, RowRefused } from './row.ts';
import { storeFinder } from './stores.ts';

type Row = ImportRow<FeedbackField>;
const CONCURRENCY = 16;

/** Which cell a rule complains of. */
const fieldOf: Readonly<Record<string, FeedbackField>> = {
  '/score': 'score',
  '/scale': 'scale',
  '/answeredAt': 'answeredAt',
  '/accountId': 'account',
  '/dealId': 'deal',
  '/orderId': 'order',
  '/storeId': 'store',
};

interface Page {
  readonly accounts: Lookup<Account>;
  readonly store: Awaited<ReturnType<typeof storeFinder>>;
  readonly timeZone: string;
}

const { comment, externalId } = Answer.shape;

const dealIdIn = (text: string): DealId => {
  const id = DealId.safeParse(text);
  return id.success ? id.data : dealIdOfExternal(text);
};

/** The row as an answer, with the id that it is known by. @throws RowRefused */
const toldOf = (row: Row, { accounts, store, timeZone }: Page): { answer: Answer; id: FeedbackId } => {
  const score = countCell(row, 'score', z.int());
  if (score === undefined) throw new RowRefused('score', 'is empty');
  const answeredAt = instantCell(row, 'answeredAt', timeZone);
  if (answeredAt === undefined) throw new RowRefused('answeredAt', 'is empty');
  const { deal } = row.cells;
  const answer = Answer.parse({
    kind: requiredCell(row, 'kind', FeedbackKind),
    score,
    scale: optionalCell(row, 'scale', Scale),
    answeredAt,
    accountId: referredId<AccountId, FeedbackField>(row, 'account', (text) => accounts.get(text)),
    dealId: deal === undefined ? undefined : dealIdIn(deal),
    orderId: optionalCell(row, 'order', OrderId),
    storeId: referredId<StoreId, FeedbackField>(row, 'store', store),
    comment: optionalCell(row, 'comment', comment),
    externalId: optionalCell(row, 'externalId', externalId),
  });
  const natural = [
    answer.kind,
    answeredAt,
    answer.accountId,
    answer.dealId,
    answer.orderId,
    answer.storeId,
    answer.comment,
  ];
  const id =
    answer.externalId === undefined
      ? derivedId(FeedbackId, 'feedback', 'row', ...natural.map((part) => part ?? ''))
      : feedbackIdOfExternal(answer.externalId);
  return { answer, id };
};

/** The one that the row has the id of, if it has one. @throws RowRefused where there is none */
const named = async (row: Row, stored: Pick<Repository<Feedback>, 'find'>): Promise<Feedback | undefined> => {
  const id = optionalCell(row, 'id', FeedbackId);
  if (id === undefined) return undefined;
  const found = await stored.find(id);
  if (found === undefined || found.deleted) throw new RowRefused('id', `there is no answer ${quoted(id)}`);
  return found;
};

const foreseen = (told: Feedback, before: Feedback | undefined): RowOutcome<FeedbackField> => {
  if (before === undefined) return { outcome: 'created', id: told.id };
  const after = replaced(told, before);
  if (after === before) return { outcome: 'unchanged' };
  return { outcome: 'updated', id: told.id, changes: changedFields(before, after) };
};

const takeIn = async (
  row: Row,
  page: Page,
  {
    intake,
    dryRun,
    stored,
  }: {
    readonly intake: FeedbackIntake;
    readonly dryRun: boolean;
    readonly stored: Pick<Repository<Feedback>, 'find'>;
  },
): Promise<RowOutcome<FeedbackField>> => {
  try {
    const byId = await named(row, stored);
    if (byId !== undefined && saysNoMoreThan(row, feedbackCells(byId))) return { outcome: 'unchanged' };
    const { answer, ...told } = toldOf(row, page);
    const id = byId?.id ?? told.id;
    if (dryRun) return foreseen(await intake.read(answer, id), await stored.find(id));
    const { outcome } = await intake.takeIn(answer, id);
    return { outcome: outcome === 'replaced' ? 'updated' : outcome };
  } catch (error) {
    return refusal<FeedbackField>(error, fieldOf);
  }
};

/** Takes in customers' answers by their ids where rows have them, by their external ids, or else by what they say of themselves. */
export const feedbackImportHandler = (table: Table) =>
  importHandler(feedbackImport, async ({ dryRun, cause, clock, ...run }) => {
    const directory = new Directory(table);
    // Whoever started the import may import everything.
    const actor = { kind: 'client', id: run.importId } as const;
    const { feedbackIntake: intake } = sellingDeps({ table, directory, cause, clock, actor });
    const stored = new Repository(table, feedbackEntity, cause);
    const store = await storeFinder(table, { cause });
    const accounts = accountLookup(new Repository(table, accountEntity, cause));
    return async (rows: readonly Row[]) => {
      await accounts.load(rows.flatMap(({ cells }) => cells.account ?? []));
      const { timeZone } = await directory.organization();
      const page = { accounts, store, timeZone };
      return mapConcurrently(rows, CONCURRENCY, async (row) => takeIn(row, page, { intake, dryRun, stored }));
    };
  });
