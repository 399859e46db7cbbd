import { Conflict } from '../errors/errors.ts';
import type { Item } from './item.ts';

/** One write's condition did not hold. In a transaction nothing was written. */
export class ConditionFailed extends Conflict {
  /** Where in the transaction; `[0]` for a single write. */
  readonly indexes: readonly number[];
  /** The items as they are, by the same indexes; absent where there is none. */
  readonly existing: ReadonlyMap<number, Item>;

  constructor(indexes: readonly number[], existing: ReadonlyMap<number, Item>) {
    super('What was to be written has changed since it was read.');
    this.indexes = indexes;
    this.existing = existing;
  }
}

/** Other writers kept touching the same items for all attempts. Nothing was written; a later attempt may succeed. */
export class TransactionConflict extends Conflict {
  readonly attempts: number;

  constructor(attempts: number) {
    super('Too many writers at once; nothing was changed. Repeat the request.');
    this.attempts = attempts;
  }
}
