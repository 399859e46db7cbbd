import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';

/** As long as DynamoDB's own backups to the second reach back. */
const KEPT_MS = 35 * 86_400_000;

/*
 * The engine's own connection runs the trigger, in the transaction of the write itself: nothing is missing, and times rise with
 * the records. `ahead` is how far the local clock is ahead of the machine's.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS _history_clock (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL, ahead INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS _history (
    id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, at INTEGER NOT NULL, keys_json TEXT NOT NULL, old_image TEXT
  );
  CREATE INDEX IF NOT EXISTS _history_by_time ON _history (table_name, at, id);
  CREATE TRIGGER IF NOT EXISTS _history_record AFTER INSERT ON _stream_records BEGIN
    INSERT INTO _history (table_name, at, keys_json, old_image) VALUES (
      new.table_name, CAST(unixepoch('subsec') * 1000 AS INTEGER) + (SELECT ahead FROM _history_clock), new.keys_json, new.old_image
    );
  END;
`;

const NO_SCHEMA = `
  DROP TRIGGER IF EXISTS _history_record;
  DROP TABLE IF EXISTS _history;
  DROP TABLE IF EXISTS _history_clock;
`;

const Key = z.record(z.string(), z.unknown());

/** The same text for the same key, in whichever order its attributes stand. */
const keyText = (key: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * What every write to the tables replaced, and when by the local clock: enough to tell what a table held at any moment since. It lies
 * beside the tables in the engine's file, and is whole only while each run on the folder keeps it: one that doesn't removes it.
 */
export class TableHistory {
  readonly #db: DatabaseSync;
  /** Since when it is kept, in milliseconds since the epoch by the local clock; undefined when it isn't. */
  readonly #since: number | undefined;

  constructor(path: string, clock: LocalClock, keep: boolean) {
    this.#db = new DatabaseSync(path);
    this.#db.exec('PRAGMA busy_timeout = 5000');
    if (!keep) {
      this.#db.exec(NO_SCHEMA);
      return;
    }
    const now = clock.now();
    const ahead = () => Math.round(clock.now() - Date.now());
    this.#db.exec(`BEGIN IMMEDIATE; ${SCHEMA}`);
    this.#db
      .prepare('INSERT OR IGNORE INTO _history_clock (one, since, ahead) VALUES (1, ?, ?)')
      .run(Math.ceil(now), ahead());
    const setAhead = this.#db.prepare('UPDATE _history_clock SET ahead = ?');
    setAhead.run(ahead());
    this.#db.prepare('DELETE FROM _history WHERE at < ?').run(now - KEPT_MS);
    this.#db.exec('COMMIT');
    clock.onMove(() => setAhead.run(ahead()));
    const since = Number(this.#db.prepare('SELECT since FROM _history_clock').get()?.since);
    this.#since = Math.max(since, now - KEPT_MS);
  }

  get since(): number | undefined {
    return this.#since;
  }

  /**
   * The items (DynamoDB JSON) that `table` held at a moment not before `since`, by the attributes of its key: what has not been written
   * since is as it is, and of everything else the first write after that moment knows what it was.
   */
  itemsAt(table: string, keyNames: readonly string[], at: number): readonly string[] {
    this.#db.exec('BEGIN');
    try {
      const before = new Map<string, string | null>();
      const writes = this.#db
        .prepare('SELECT keys_json, old_image FROM _history WHERE table_name = ? AND at > ? ORDER BY id')
        .iterate(table, at);
      for (const { keys_json: keys, old_image: image } of writes) {
        const key = keyText(Key.parse(JSON.parse(String(keys))));
        if (!before.has(key)) before.set(key, typeof image === 'string' ? image : null);
      }
      const unchanged = this.#db
        .prepare(`SELECT item_json FROM "${table}"`)
        .all()
        .map(({ item_json: item }) => String(item))
        .filter((item) => {
          const attributes = Key.parse(JSON.parse(item));
          return !before.has(keyText(Object.fromEntries(keyNames.map((name) => [name, attributes[name]]))));
        });
      return [...unchanged, ...[...before.values()].filter((image) => image !== null)];
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  close(): void {
    this.#db.close();
  }
}
