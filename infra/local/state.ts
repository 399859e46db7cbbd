import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS message_by_queue ON message (queue, visible_at, id);
  CREATE TABLE IF NOT EXISTS archived (
    id INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    events INTEGER NOT NULL, bytes INTEGER NOT NULL, body BLOB NOT NULL
  );
  CREATE INDEX IF NOT EXISTS archived_by_time ON archived (archive, first, id, last);
  CREATE TABLE IF NOT EXISTS replay (
    name TEXT PRIMARY KEY, archive TEXT NOT NULL, description TEXT, rules TEXT, state TEXT NOT NULL,
    from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, position INTEGER
  );
  CREATE TABLE IF NOT EXISTS checkpoint (mapping TEXT PRIMARY KEY, position INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, content TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS object (
    bucket TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, content_type TEXT NOT NULL, etag TEXT NOT NULL,
    modified INTEGER NOT NULL, PRIMARY KEY (bucket, key)
  );
  CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, content_type TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS upload_part (
    upload TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number)
  );
  CREATE TABLE IF NOT EXISTS secret (
    name TEXT NOT NULL, version TEXT NOT NULL, stage TEXT, value TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (name, version)
  );
  CREATE TABLE IF NOT EXISTS pool_user (
    sub TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, verified TEXT NOT NULL, enabled INTEGER NOT NULL,
    groups TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS deleted_user (address TEXT PRIMARY KEY);
`;

/**
 * What the runner itself has to remember, in one SQLite file: queues, archived events, checkpoints, mail, objects, secrets,
 * users, settings.
 * A statement that has returned survives a kill of the process at any later moment (write-ahead log).
 */
export class RunnerState {
  readonly db: DatabaseSync;

  constructor(path: string) {
    this.db = new DatabaseSync(path);
    // NORMAL loses nothing when the process dies; only a power cut may cost the last moments.
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
    this.db.exec(SCHEMA);
  }

  /** All of `work`, or nothing of it. Synchronous, so that nothing else of this process comes between. */
  transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  setting(name: string): string | undefined {
    const row = this.db.prepare('SELECT value FROM setting WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row.value);
  }

  keepSetting(name: string, value: string): void {
    this.db.prepare('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)').run(name, value);
  }

  dropSetting(name: string): void {
    this.db.prepare('DELETE FROM setting WHERE name = ?').run(name);
  }

  /** When the data folder was first used: `now`, in milliseconds since the epoch, if that is the case at this moment. */
  createdAt(now: number): number {
    const known = this.setting('created');
    if (known !== undefined) return Number(known);
    this.keepSetting('created', String(now));
    return now;
  }

  close(): void {
    this.db.close();
  }
}
