import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { derivedId, OrderId } from '../../../shared/ids/id.ts';
import { saysNoMoreThan } from '../../../shared/exports/says-no-more.ts';
import {
  importHandler,
  type ImportRow,
  type ImportRun,
  type RowOutcome,
} from '../../../shared/imports/kind.ts';
import type { Currency } from '../../../shared/money/money.ts';
import { type Instant, instantFrom } from '../../../shared/time/instant.ts';
import { orderEntity, storeEntity, type StoreRecord, STORES } from '../commerce/entities.ts';
import { Orders } from '../commerce/orders.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { orderCells } from '../exports/cells.ts';
import { hashOf, idsOf, messageOfRows, netOf, type OrderRow } from '../domain/commerce/order-rows.ts';
import { type OrderField, orderImport } from './kinds.ts';
import { orderRowOf } from './order-row.ts';
import { OrderRowsSeen } from './order-rows-seen.ts';
import { quoted, refusal, requiredCell, RowRefused } from './row.ts';
import * as z from 'zod';

const CONCURRENCY = 8;
type Row = ImportRow<OrderField>;
type Outcome = RowOutcome<OrderField>;

const Number_ = z.string().max(100);
/** As wholesalers number what cancels an invoice: C536379. */
const CANCELLATION = /^C(?=\d)/i;

/** A row with the order that it is of. */
interface Placed {
  readonly row: OrderRow;
  readonly store: StoreRecord;
  readonly number: string;
  /** The order whose refund it is, where the row says so or its number does. */
  readonly refundOf?: string | undefined;
}

/** Rows of one order, in the file's order. */
type Group = readonly Placed[];

const storeOf = (stores: readonly StoreRecord[], cell: string | undefined): StoreRecord => {
  const own = stores.filter(({ platform }) => platform === 'custom');
  if (cell === undefined) {
    const [only, ...others] = own;
    if (only !== undefined && others.length === 0) return only;
    throw new RowRefused<OrderField>(
      'store',
      `is needed: there are ${own.length} stores of platform custom, whose orders come by file`,
    );
  }
  const found = stores.filter(({ id, name }) => id === cell || nameKey(name) === nameKey(cell));
  const [store, ...others] = found;
  if (others.length > 0)
    throw new RowRefused<OrderField>(
      'store',
      `${found.length} stores are named ${quoted(cell)}; give the id`,
    );
  if (store === undefined) throw new RowRefused<OrderField>('store', `there is no store ${quoted(cell)}`);
  if (store.platform !== 'custom')
    throw new RowRefused<OrderField>(
      'store',
      `the orders of ${quoted(cell)} come from ${store.platform} itself`,
    );
  return store;
};

const orderIdOf = (store: StoreRecord, number: string): OrderId => derivedId(OrderId, store.id, number);

/** When the rows were said: after what the file said before, also within one tick of the clock. */
const laterThan = (found: OrderRecord | undefined, now: Instant): Instant => {
  const before = found?.snapshotTriggeredAt;
  return before === undefined || before < now ? now : instantFrom(Date.parse(before) + 1);
};

/** Takes in orders line by line; see `messageOfRows` for what rows make of their order. */
export const orderImportHandler = (table: Table) =>
  importHandler(orderImport, async (run: ImportRun) => {
    const { currency, cause, clock, dryRun, importId } = run;
    if (currency === undefined) throw new TypeError('An import of orders without a currency.');
    const directory = new Directory(table);
    const stored = new Repository(table, orderEntity, cause);
    const orders = new Orders({ table, directory, cause });
    const seen = new OrderRowsSeen(table, importId);
    const { items: stores } = await new Repository(table, storeEntity, cause).queryIndex('gsi1', STORES);
    const waited = new Set<number>();
    const foreseen = new Set<OrderId>();

    const takeInGroup = async (group: Group, found: OrderRecord | undefined): Promise<Outcome[]> => {
      const [first] = group;
      if (first === undefined) return [];
      const { store, number } = first;
      const id = orderIdOf(store, number);
      const judged = judge(group, found, waited);
      const taken = judged.flatMap(({ placed, outcome }) => (outcome === undefined ? placed.row : []));
      const before = dryRun ? new Map<number, string>() : await seen.read(id);
      const now = new Map([...before, ...taken.map((row) => [row.line, hashOf(row)] as const)]);
      const ids = idsOf(now);
      const known = new Set(
        [...(found?.snapshot?.lines ?? []), ...(found?.refunds ?? [])].map((each) => each.externalId),
      );
      const message = messageOfRows({
        before: found,
        number,
        currency,
        rows: taken.map((row) => ({ ...row, id: ids.get(row.line) ?? '' })),
        seen: new Set(ids.values()),
      });
      if (!dryRun && taken.length > 0)
        await seen.add(id, new Map(taken.map((row) => [row.line, hashOf(row)])));
      const isChanged =
        message !== undefined &&
        (dryRun || (await orders.apply(store, message, laterThan(found, clock.now()))));
      let isNew = found?.snapshot === undefined && !foreseen.has(id);
      if (dryRun && taken.length > 0) foreseen.add(id);
      return judged.map(({ placed, outcome }): Outcome => {
        if (outcome !== undefined) return outcome;
        if (!isChanged || known.has(ids.get(placed.row.line) ?? '')) return { outcome: 'unchanged' };
        const made = isNew ? 'created' : 'updated';
        isNew = false;
        const changes = [placed.row.quantity > 0 ? 'lines' : 'refunds'];
        return { outcome: made, id, ...(made === 'updated' && { changes }) };
      });
    };

    return async (rows: readonly Row[]) => {
      const { timeZone } = await directory.organization();
      const outcomes = new Map<number, Outcome>();
      const placed: Placed[] = [];
      const exported = await stored.getMany(
        rows.flatMap(({ cells }) => OrderId.safeParse(cells.id).data ?? []),
      );
      for (const row of rows) {
        try {
          if (row.cells.id !== undefined) {
            assertKnown(row, exported.get(row.cells.id));
            outcomes.set(row.line, { outcome: 'unchanged' });
            continue;
          }
          placed.push(place(row, { stores, currency, timeZone, now: clock.now() }));
        } catch (error) {
          outcomes.set(row.line, refusal(error));
        }
      }
      const numbers = placed.flatMap(({ store, number, refundOf }) =>
        [number, refundOf].flatMap((each) => (each === undefined ? [] : orderIdOf(store, each))),
      );
      const records = await stored.getMany(numbers);
      const inPage = new Set(placed.map(({ store, number }) => orderIdOf(store, number)));
      // A cancellation is a refund of its order where that is known, and stands for itself where it isn't.
      const aimed = placed.map((each): Placed => {
        const { store, number, refundOf } = each;
        if (refundOf === undefined || records.get(orderIdOf(store, number))?.snapshot !== undefined)
          return each;
        const base = orderIdOf(store, refundOf);
        return records.has(base) || inPage.has(base) ? { ...each, number: refundOf } : each;
      });
      const groups = [...Map.groupBy(aimed, ({ store, number }) => orderIdOf(store, number))];
      // Orders of one customer one after another: they would only get in one another's way.
      const queues = [
        ...Map.groupBy(groups, ([id, [first]]) => first?.row.customer?.externalId ?? id).values(),
      ];
      await mapConcurrently(queues, CONCURRENCY, async (queue) => {
        for (const [id, group] of queue) {
          const results = await takeInGroup(group, records.get(id));
          for (const [index, each] of group.entries())
            outcomes.set(each.row.line, results[index] ?? { outcome: 'unchanged' });
        }
      });
      return rows.map(({ line }) => outcomes.get(line) ?? { outcome: 'unchanged' });
    };
  });

/** Rows of an export name their orders by id; what those are is not for a file to say. @throws RowRefused */
const assertKnown = (row: Row, order: OrderRecord | undefined): void => {
  if (order === undefined || order.deleted)
    throw new RowRefused<OrderField>('id', `there is no order ${quoted(row.cells.id ?? '')}`);
  if (!orderCells(order).some((cells) => saysNoMoreThan(row, cells)))
    throw new RowRefused<OrderField>(
      'id',
      'is of an order that says something else; an order is changed where it comes from',
    );
};

const place = (
  row: Row,
  {
    stores,
    ...rest
  }: {
    readonly stores: readonly StoreRecord[];
    readonly currency: Currency;
    readonly timeZone: string;
    readonly now: OrderRow['at'];
  },
): Placed => {
  const number = requiredCell(row, 'number', Number_);
  const store = storeOf(stores, row.cells.store);
  const read = orderRowOf(row, rest);
  const said =
    row.cells.refundOf ?? (CANCELLATION.test(number) ? number.replace(CANCELLATION, '') : undefined);
  if (said === undefined) return { row: read, store, number };
  if (read.quantity > 0)
    throw new RowRefused<OrderField>('quantity', 'must be below zero: the row cancels, and so gives back');
  return { row: read, store, number, refundOf: said };
};

interface Judged {
  readonly placed: Placed;
  /** Why the row isn't taken in; absent for one that is. */
  readonly outcome?: Outcome | undefined;
}

/**
 * Rows that give back are covered by what was sold, as far as that has been read: what may still come further down in the
 * file is waited for once, and then an order without any sale is a credit note.
 */
const judge = (group: Group, found: OrderRecord | undefined, waited: Set<number>): Judged[] => {
  const sales = group.filter(({ row }) => row.quantity > 0);
  const isSale = sales.length > 0 || (found?.snapshot !== undefined && found.snapshot.creditNote !== true);
  const known = new Set(
    [...(found?.snapshot?.lines ?? [])].map(({ externalId }) => externalId.split('-')[0]),
  );
  const knownBack = new Set((found?.refunds ?? []).map(({ externalId }) => externalId.split('-')[0]));
  const fresh = sales.filter(({ row }) => !known.has(hashOf(row)));
  let left =
    (found?.snapshot?.net.amount ?? 0) +
    fresh.reduce((total, { row }) => total + netOf(row), 0) -
    (found?.refunds ?? []).reduce((total, { net }) => total + net.amount, 0);
  return group.map((placed): Judged => {
    const { row, refundOf, number } = placed;
    if (row.quantity > 0 || knownBack.has(hashOf(row))) return { placed };
    // Named as a cancellation, of an order that isn't known: a credit note.
    if (!isSale && refundOf !== undefined && refundOf !== number) return { placed };
    const isCovered = isSale && netOf(row) <= left;
    if (isCovered) left -= netOf(row);
    if (isCovered || (!isSale && waited.has(row.line))) return { placed };
    const message = isSale
      ? 'more would be given back than the order brought in'
      : 'gives back what nothing in the file sold';
    const isFirst = !waited.has(row.line);
    waited.add(row.line);
    return { placed, outcome: { outcome: isFirst ? 'deferred' : 'rejected', field: 'quantity', message } };
  });
};
