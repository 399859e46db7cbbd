import * as z from 'zod';
import { equals } from '../../../shared/dynamodb/expressions.ts';
import type { Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Role } from '../../../shared/events/team.ts';
import { MemberId } from '../../../shared/ids/id.ts';

/** A member's user as it was last made to be. */
const SignIn = z.object({
  /** The version of the member that it was made from. */
  memberVersion: z.int(),
  /** Absent where there is no user. */
  username: z.string().optional(),
  email: z.string().optional(),
  role: Role.optional(),
  isEnabled: z.boolean(),
});
export type SignIn = z.infer<typeof SignIn>;

/** With the count of its writes, which the next one is conditional on. */
type StoredSignIn = SignIn & { readonly revision: number };

const signInKey = (memberId: MemberId): Key => ({ pk: `sign-in#${memberId}`, sk: 'state' });
const ownerKey = (username: string): Key => ({ pk: `sign-in-user#${username}`, sk: 'owner' });

/** What is known of members' users, and whose a user is. Nobody hears of it: there is no event. */
export class SignIns {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async find(memberId: MemberId): Promise<StoredSignIn | undefined> {
    const item = await this.#table.get(signInKey(memberId));
    return item && { ...SignIn.parse(item.data), revision: z.int().parse(item.revision) };
  }

  /** Throws ConditionFailed if someone else has written it since `before` was read. */
  async save(memberId: MemberId, before: StoredSignIn | undefined, after: SignIn): Promise<void> {
    await this.#table.put(
      {
        ...signInKey(memberId),
        type: 'sign-in',
        revision: (before?.revision ?? 0) + 1,
        data: SignIn.parse(after),
      },
      equals({ revision: before?.revision }),
    );
  }

  /** Undefined for a user that was made by hand, and whom no member has got yet. */
  async ownerOf(username: string): Promise<MemberId | undefined> {
    const item = await this.#table.get(ownerKey(username));
    return item && MemberId.parse(item.memberId);
  }

  async claim(username: string, memberId: MemberId): Promise<void> {
    await this.#table.put({ ...ownerKey(username), type: 'sign-in-user', memberId });
  }

  async disown(username: string): Promise<void> {
    await this.#table.transact([{ remove: ownerKey(username) }]);
  }
}
