import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { TrafficRecorded } from '../../../shared/events/traffic.ts';
import { importHandler, type ImportRow } from '../../../shared/imports/kind.ts';
import type { StoreId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { TrafficDay, trafficFaults, trafficIdOf, trafficOf } from '../domain/traffic.ts';
import { trafficEntity } from '../store/traffic.ts';
import { countCell, referredId } from './cells.ts';
import { trafficImport, type TrafficField } from './kinds.ts';
import { outcomes, Pending, type Taken } from './pending.ts';
import { refusal, requiredCell, RowRefused } from './row.ts';
import { storeFinder } from './stores.ts';

type Row = ImportRow<TrafficField>;

const { sessions: Sessions } = TrafficDay.shape;

/** @throws RowRefused */
const toldOf = (row: Row, store: Awaited<ReturnType<typeof storeFinder>>, today: Day): TrafficDay => {
  const storeId = referredId<StoreId, TrafficField>(row, 'store', store);
  if (storeId === undefined) throw new RowRefused('store', 'is empty');
  const sessions = countCell(row, 'sessions', Sessions);
  if (sessions === undefined) throw new RowRefused('sessions', 'is empty');
  const more = (['visitors', 'pageViews', 'carts', 'checkouts'] as const).flatMap((field) => {
    const count = countCell(row, field, Sessions);
    return count === undefined ? [] : [[field, count] as const];
  });
  const told = { storeId, day: requiredCell(row, 'day', Day), sessions, ...Object.fromEntries(more) };
  const [fault] = trafficFaults(told, today);
  if (fault !== undefined) throw new RowRefused(fault.path.slice(1), fault.message);
  return told;
};

/** The day that a row is about, before it is known whether the row is sound. */
const idsOf = (rows: readonly Row[], store: Awaited<ReturnType<typeof storeFinder>>): string[] =>
  rows.flatMap((row) => {
    const day = Day.safeParse(row.cells.day);
    const referred = row.cells.store === undefined ? undefined : store(row.cells.store);
    if (!day.success || referred === undefined || 'several' in referred) return [];
    return [trafficIdOf({ storeId: referred.found.id, day: day.data })];
  });

/** Takes in days of stores; a day that is told again takes the place of what was told before. */
export const trafficImportHandler = (table: Table) =>
  importHandler(trafficImport, async (run) => {
    const repository = new Repository(table, trafficEntity, run.cause);
    const store = await storeFinder(table, run);
    return async (rows: readonly Row[]) => {
      const now = run.clock.now();
      const today = dayOf(now, (await new Directory(table).organization()).timeZone);
      const pending = new Pending(await repository.getMany(idsOf(rows, store)));
      const taken = rows.map((row): Taken<TrafficField> => {
        try {
          const told = toldOf(row, store, today);
          const id = trafficIdOf(told);
          return {
            id,
            outcome: pending.put(trafficOf(told, pending.get(id), now), TrafficRecorded),
          };
        } catch (error) {
          return { id: undefined, outcome: refusal<TrafficField>(error) };
        }
      });
      return outcomes(taken, run.dryRun ? new Set() : await pending.write(repository));
    };
  });
