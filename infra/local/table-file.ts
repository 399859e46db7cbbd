import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** One record of a table's stream, as Dynoxide keeps it; images are DynamoDB JSON. */
export interface StreamRow {
  readonly id: number;
  readonly eventName: string;
  readonly keys: string;
  readonly newImage: string | null;
  readonly oldImage: string | null;
  readonly sequenceNumber: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Rows deleted in one statement: short enough that a writer never waits noticeably. */
const TRIM_ROWS = 1_000;
/** How long the runner, which does nothing else meanwhile, waits for the engine to finish a write. */
const TRIM_WAIT_MS = 10;

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === SQLITE_BUSY;

/**
 * Dynoxide's own SQLite file, opened beside it. Reading the stream here is far cheaper than through its API, and lets the
 * runner delete what everyone has consumed, without which writes slow down as records pile up.
 */
export class TableFile {
  readonly #db: DatabaseSync;
  readonly #after: StatementSync;
  readonly #last: StatementSync;
  readonly #trimmer: DatabaseSync;
  readonly #trim: StatementSync;

  /** Opens the file, which Dynoxide has created by now, and adds the indexes that keep its stream fast. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec('PRAGMA busy_timeout = 5000');
    this.#db.exec(`
      CREATE INDEX IF NOT EXISTS stream_by_table ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
      CREATE INDEX IF NOT EXISTS stream_by_shard ON _stream_records (shard_id, CAST(sequence_number AS INTEGER));
      CREATE INDEX IF NOT EXISTS stream_in_order ON _stream_records (table_name, id);
    `);
    this.#after = this.#db.prepare(
      'SELECT * FROM _stream_records WHERE table_name = ? AND id > ? ORDER BY id LIMIT ?',
    );
    this.#last = this.#db.prepare('SELECT MAX(id) AS id FROM _stream_records WHERE table_name = ?');
    // The newest record stays: Dynoxide numbers the next one from it.
    this.#trimmer = new DatabaseSync(path);
    this.#trimmer.exec(`PRAGMA busy_timeout = ${String(TRIM_WAIT_MS)}`);
    this.#trim = this.#trimmer.prepare(`
      DELETE FROM _stream_records WHERE id IN (
        SELECT id FROM _stream_records WHERE table_name = ?1 AND id <= ?2
          AND id < (SELECT MAX(id) FROM _stream_records WHERE table_name = ?1) ORDER BY id LIMIT ${String(TRIM_ROWS)})`);
  }

  recordsAfter(table: string, id: number, most: number): readonly StreamRow[] {
    return this.#after.all(table, id, most).map((row) => ({
      id: Number(row.id),
      eventName: String(row.event_name),
      keys: String(row.keys_json),
      newImage: text(row.new_image),
      oldImage: text(row.old_image),
      sequenceNumber: String(row.sequence_number),
      createdAt: Number(row.created_at),
    }));
  }

  lastId(table: string): number {
    return Number(this.#last.get(table)?.id ?? 0);
  }

  /** Deletes a portion of the records up to and with `id`, unless the engine is writing: there is always a next time. */
  trim(table: string, id: number): void {
    try {
      this.#trim.run(table, id);
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }

  /** Keys (DynamoDB JSON) of items whose `attribute`, in seconds since the epoch, lies before `now`. */
  expiredKeys(table: string, attribute: string, now: number, most: number): readonly unknown[] {
    const rows = this.#db
      .prepare(
        `SELECT item_json FROM "${table}" WHERE CAST(json_extract(item_json, ?) AS INTEGER) < ? LIMIT ?`,
      )
      .all(`$.${attribute}.N`, now, most);
    return rows.map((row) => {
      const { pk, sk } = JSON.parse(String(row.item_json)) as Record<string, unknown>;
      return { pk, sk };
    });
  }

  close(): void {
    this.#trimmer.close();
    this.#db.close();
  }
}
