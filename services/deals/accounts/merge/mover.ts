import type { Directory } from '../../../../shared/directory/directory.ts';
import type { Item } from '../../../../shared/dynamodb/item.ts';
import type { Table } from '../../../../shared/dynamodb/table.ts';
import type { AccountId } from '../../../../shared/ids/id.ts';
import type { JobRun } from '../../../../shared/jobs/handler.ts';
import type { LeftBehind } from '../../domain/account-merge.ts';

export interface MoverSources {
  readonly table: Table;
  readonly directory: Directory;
}

export interface MoverRun extends JobRun {
  /** Names a record that can't be moved, for the merge's report. */
  readonly refused: (record: LeftBehind) => void;
}

export interface RecordsPage {
  readonly ids: readonly string[];
  /** Where the next page begins; absent on the last one. */
  readonly after?: Item | undefined;
}

/** Moves records of one kind from one account to another. */
export interface Mover {
  /** A page of the account's records, by an index, which may be a moment behind. */
  readonly list: (accountId: AccountId, after: Item | undefined) => Promise<RecordsPage>;
  /**
   * Moves one, with the event that tells it, if it is still `from`'s. Answers what became of it: `there` for one that is `to`'s
   * already, `elsewhere` for one that is neither's, or gone; `refused` for one that has to stay where it is, named by `refused`.
   */
  readonly move: (
    id: string,
    from: AccountId,
    to: AccountId,
  ) => Promise<'moved' | 'there' | 'elsewhere' | 'refused'>;
}

/** One kind of record that belongs to accounts. `kind` is what reports and events call it. */
export interface MoverKind {
  readonly kind: string;
  readonly open: (sources: MoverSources, run: MoverRun) => Mover;
}
