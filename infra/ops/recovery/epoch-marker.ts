import * as z from 'zod';
import type { Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Instant } from '../../../shared/time/instant.ts';

const key: Key = { pk: 'epoch', sk: 'state' };
export const EPOCH_MARKER = 'epoch';

/** What a restore leaves in the table: with a lower epoch its service's events would be stale to everyone. */
const EpochMarker = z.object({
  epoch: z.int().min(1),
  /** The minute that the table went back to. */
  restoredTo: Instant,
  /** When the restore began, or ended. */
  at: Instant,
  status: z.enum(['restoring', 'restored']),
});
export type EpochMarker = z.infer<typeof EpochMarker>;

/** Undefined for a table that was never restored. */
export const readEpochMarker = async (table: Pick<Table, 'get'>): Promise<EpochMarker | undefined> => {
  const item = await table.get(key);
  return item && EpochMarker.parse(item);
};

export const writeEpochMarker = async (table: Pick<Table, 'put'>, marker: EpochMarker): Promise<void> =>
  table.put({ ...key, type: EPOCH_MARKER, ...marker });
