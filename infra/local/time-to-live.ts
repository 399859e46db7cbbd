import type { LocalClock } from './clock.ts';
import type { TableSpec } from './stack-tables.ts';
import type { TableFile } from './table-file.ts';
import type { TableEngine } from './tables.ts';

/** DynamoDB removes expired items within days; here it is minutes, and sooner when the clock was moved. */
const EVERY_MS = 5 * 60_000;
const MOST_AT_ONCE = 500;

/** Removes items whose time to live has passed, as DynamoDB does; the engine itself does not. */
export class TimeToLive {
  readonly #tables: readonly TableSpec[];
  readonly #engine: TableEngine;
  readonly #file: TableFile;
  readonly #clock: LocalClock;
  readonly #timer: NodeJS.Timeout;

  constructor(tables: readonly TableSpec[], engine: TableEngine, file: TableFile, clock: LocalClock) {
    this.#tables = tables;
    this.#engine = engine;
    this.#file = file;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.#sweep(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    const now = Math.floor(this.#clock.now() / 1000);
    for (const { name, ttlAttribute } of this.#tables) {
      if (ttlAttribute === undefined) continue;
      for (const key of this.#file.expiredKeys(name, ttlAttribute, now, MOST_AT_ONCE)) {
        // An item that was given more time since it was read stays: the condition fails, and that is all right.
        await this.#engine.call('DeleteItem', {
          TableName: name,
          Key: key,
          ConditionExpression: '#ttl < :now',
          ExpressionAttributeNames: { '#ttl': ttlAttribute },
          ExpressionAttributeValues: { ':now': { N: String(now) } },
        });
      }
    }
  }
}
