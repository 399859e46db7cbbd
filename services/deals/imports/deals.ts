import { Directory } from '../../../shared/directory/directory.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { DealId } from '../../../shared/ids/id.ts';
import { importHandler } from '../../../shared/imports/kind.ts';
import type { Currency } from '../../../shared/money/money.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { startOfDay } from '../../../shared/time/zone.ts';
import { type Deal, dealIdOfExternal } from '../domain/deal.ts';
import { importAgain, importEvent, importNew } from '../domain/imported-deal.ts';
import { assignmentRulesOf } from '../assignment-rules.ts';
import { settledWrite, type SettlementSources } from '../settlement.ts';
import { dealChange } from '../domain/deal-change.ts';
import type { PipelineBook } from '../domain/pipeline-book.ts';
import { Books, type BooksReader } from '../store/books.ts';
import { dealEntity } from '../store/entities.ts';
import { FxRateStore } from '../store/fx-rate-store.ts';
import { Pipelines } from '../store/pipelines.ts';
import { Catalogue } from './catalogue.ts';
import { dealImport, type DealField } from './kinds.ts';
import { outcomes, Pending, type Taken } from './pending.ts';
import { currencyCell, quoted, refusal, RowRefused } from './row.ts';
import { type DealRow, defaultName, pipelineCell, toldDeal } from './told-deal.ts';

/** Which cell a rule of the domain complains of. */
const fieldOf: Readonly<Record<string, DealField>> = {
  '/pipelineId': 'pipeline',
  '/stage': 'stage',
  '/startedAt': 'startedOn',
  '/closedAt': 'closedOn',
  '/reason': 'lostReason',
  '/amount/amount': 'amount',
  '/amount/currency': 'amount',
};

interface Page {
  readonly catalogue: Catalogue;
  readonly pending: Pending<Deal>;
  readonly directory: DirectorySnapshot;
  readonly pipelines: PipelineBook;
  readonly startOf: (day: Day) => Instant;
  readonly sources: SettlementSources;
  readonly books: BooksReader;
  readonly currency: Currency;
  readonly now: Instant;
}

/** A file has far fewer days than rows, and a zone's rules take time to ask. */
const startsOfDays = (timeZone: string): Page['startOf'] => {
  const known = new Map<Day, Instant>();
  return (day) => {
    const start = known.get(day) ?? startOfDay(day, timeZone);
    known.set(day, start);
    return start;
  };
};

/** The deal's own where the row has it, else the one that follows from its external id. */
const idOf = ({ cells }: DealRow): DealId =>
  DealId.safeParse(cells.id).data ?? dealIdOfExternal(cells.externalId ?? '');

const takeIn = async (row: DealRow, page: Page): Promise<Taken<DealField>> => {
  const { catalogue, pending, directory, pipelines, startOf, sources, books, now } = page;
  try {
    const before = pending.get(idOf(row));
    if (before === undefined && row.cells.id !== undefined)
      throw new RowRefused<DealField>('id', `there is no deal ${quoted(row.cells.id)}`);
    const currency = currencyCell(row, page.currency);
    const pipeline = pipelineCell(row, pipelines) ?? (before ? pipelines.of(before) : pipelines.default);
    const told = toldDeal(row, { directory, startOf, pipeline, ...catalogue.referred(row) }, currency);
    const after =
      before === undefined
        ? importNew(told, { name: defaultName(row), amount: { amount: 0, currency }, now, pipeline })
        : importAgain(before, told, now, pipeline);
    if (after === before) return { id: before.id, outcome: { outcome: 'unchanged' } };
    // Several rows of one deal are one write, and so one event.
    const stored = pending.stored(after.id);
    const { deal: settled, also } = await settledWrite(after, { from: stored, sources, books, now });
    const change = stored && dealChange(stored, settled);
    const contract = importEvent(stored, settled);
    const event = change === undefined ? contract : { contract, change: { change } };
    const outcome = pending.put(settled, event, also);
    return { id: settled.id, outcome };
  } catch (error) {
    return { id: undefined, outcome: refusal(error, fieldOf) };
  }
};

/** Takes in deals by their external ids, with the close and the amounts that they have in the file. */
export const dealImportHandler = (table: Table) =>
  importHandler(dealImport, async (run) => {
    const { currency, cause, clock } = run;
    if (currency === undefined) throw new TypeError('An import of deals without a currency.');
    const repository = new Repository(table, dealEntity, cause);
    const directory = new Directory(table);
    const catalogue = new Catalogue(table, run);
    const rates = new FxRateStore(table);
    return Promise.resolve(async (rows: readonly DealRow[]) => {
      const [snapshot, pipelines, stored] = await Promise.all([
        directory.snapshot(),
        Pipelines.allOf(table),
        repository.getMany(rows.map(idOf)),
      ]);
      await catalogue.load(rows, assignmentRulesOf(snapshot, clock.now()));
      const pending = new Pending(stored);
      const sources: SettlementSources = {
        organization: () => snapshot.organization,
        directory: snapshot,
        account: (id) => catalogue.account(id),
        rate: async (question) => rates.rate(question),
      };
      const startOf = startsOfDays(snapshot.organization.timeZone);
      const books = new Books(table);
      const page = {
        catalogue,
        pending,
        directory: snapshot,
        pipelines,
        startOf,
        sources,
        books,
        currency,
        now: clock.now(),
      };
      const taken: Taken<DealField>[] = [];
      // In their order: a later row of the same deal builds on the earlier one.
      for (const row of rows) taken.push(await takeIn(row, page));
      return outcomes(taken, run.dryRun ? new Set() : await pending.write(repository));
    });
  });
