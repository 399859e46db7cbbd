import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import type { RunnerState } from './state.ts';

export interface PoolUser {
  /** Its name in Cognito, which never changes. */
  readonly sub: string;
  /** What one signs in with, without regard to case. */
  readonly email: string;
  readonly verified: 'true' | 'false';
  readonly isEnabled: boolean;
  readonly groups: readonly string[];
  /** Milliseconds since the epoch, as is the next. */
  readonly created: number;
  readonly modified: number;
}

const Row = z.object({
  sub: z.string(),
  email: z.string(),
  verified: z.enum(['true', 'false']),
  enabled: z.number(),
  groups: z.string(),
  created: z.number(),
  modified: z.number(),
});
const Groups = z.array(z.string());

/** An address's UUID: what is left of that of a deleted user, and the `sub` of who has no user yet. */
export const addressId = (email: string): string =>
  createHash('sha256')
    .update(email.toLowerCase())
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** The users of the stack's pool, kept in the data folder. Passwords are none of it: nobody asks for one here. */
export class LocalUserPool {
  readonly #state: RunnerState;
  readonly #clock: LocalClock;

  constructor(state: RunnerState, clock: LocalClock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** By `sub` or by address. */
  find(name: string): PoolUser | undefined {
    const row = this.#state.db.prepare('SELECT * FROM pool_user WHERE sub = ? OR email = ?').get(name, name);
    if (row === undefined) return undefined;
    const { enabled, groups, ...user } = Row.parse(row);
    return { ...user, isEnabled: enabled === 1, groups: Groups.parse(JSON.parse(groups)) };
  }

  /** The address must be free. */
  create(email: string, verified: PoolUser['verified']): PoolUser {
    const now = this.#clock.now();
    const user = {
      sub: randomUUID(),
      email,
      verified,
      isEnabled: true,
      groups: [],
      created: now,
      modified: now,
    };
    this.#state.transaction(() => {
      this.#state.db.prepare('DELETE FROM deleted_user WHERE address = ?').run(addressId(email));
      this.#state.db
        .prepare('INSERT INTO pool_user VALUES (?, ?, ?, 1, ?, ?, ?)')
        .run(user.sub, email, verified, '[]', now, now);
    });
    return user;
  }

  change(
    user: PoolUser,
    changes: Partial<Pick<PoolUser, 'email' | 'verified' | 'isEnabled' | 'groups'>>,
  ): void {
    const { sub, email, verified, isEnabled, groups } = { ...user, ...changes };
    this.#state.db
      .prepare(
        'UPDATE pool_user SET email = ?, verified = ?, enabled = ?, groups = ?, modified = ? WHERE sub = ?',
      )
      .run(email, verified, isEnabled ? 1 : 0, JSON.stringify(groups), this.#clock.now(), sub);
  }

  remove({ sub, email }: PoolUser): void {
    this.#state.transaction(() => {
      this.#state.db.prepare('DELETE FROM pool_user WHERE sub = ?').run(sub);
      this.#state.db.prepare('INSERT OR IGNORE INTO deleted_user VALUES (?)').run(addressId(email));
    });
  }

  /** Whether there was a user with this address who was deleted, and none has been made since. */
  hasDeleted(email: string): boolean {
    return (
      this.#state.db.prepare('SELECT 1 FROM deleted_user WHERE address = ?').get(addressId(email)) !==
      undefined
    );
  }
}
