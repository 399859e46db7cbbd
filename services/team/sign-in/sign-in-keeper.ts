import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import { type MemberState, Role } from '../../../shared/events/team.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import { wantedUser } from '../domain/sign-in.ts';
import type { Members } from '../store/members.ts';
import type { SignIn, SignIns } from '../store/sign-ins.ts';
import type { UserPool } from './user-pool.ts';

/** How often the work is done over when two messages about one member meet. */
const ATTEMPTS = 5;

/** The address is with another member's user, who can't give it up now. The message comes again. */
export class AddressHeld extends Error {
  override readonly name = 'AddressHeld';
}

/** What is known for sure of a member's user; of what is missing, it is made sure. */
type Known = Partial<SignIn>;

interface Parts {
  readonly members: Pick<Members, 'find'>;
  readonly signIns: SignIns;
  readonly users: UserPool;
}

/**
 * Keeps the pool's users in step with members. An event only says whom to look at: the user is made to be what the member
 * is now, so events may come twice, late and in any order.
 */
export class SignInKeeper {
  readonly #members: Parts['members'];
  readonly #signIns: SignIns;
  readonly #users: UserPool;

  constructor({ members, signIns, users }: Parts) {
    this.#members = members;
    this.#signIns = signIns;
    this.#users = users;
  }

  /**
   * `version` is the event's. Where it `isRepeated`, all is done again, whatever is kept: an earlier attempt may have died
   * between the pool and the table. Throws AddressHeld, and what the pool throws.
   */
  async keep(
    id: MemberId,
    { version, isRepeated }: { readonly version: number; readonly isRepeated: boolean },
  ): Promise<Outcome> {
    const kept = await this.#signIns.find(id);
    if (!isRepeated && kept !== undefined && kept.memberVersion >= version)
      return kept.memberVersion === version ? 'duplicate' : 'stale';
    return this.#bringUpToDate(id, { isSure: !isRepeated, mayRelease: true });
  }

  async #bringUpToDate(
    id: MemberId,
    { isSure, mayRelease }: { readonly isSure: boolean; readonly mayRelease: boolean },
  ): Promise<Outcome> {
    for (let attempt = 1; ; attempt += 1) {
      const [kept, member] = await Promise.all([this.#signIns.find(id), this.#members.find(id)]);
      if (member === undefined) return 'irrelevant';
      const known = isSure && attempt === 1 ? kept : { username: kept?.username };
      const after = await this.#apply(member, known ?? {}, mayRelease);
      // Nothing is written of the many who never had a user.
      if (after.username === undefined && kept === undefined) return 'irrelevant';
      try {
        await this.#signIns.save(id, kept, { ...after, memberVersion: member.version });
        return 'done';
      } catch (error) {
        // Another message about the member was at work: which of the two called the pool last, nobody knows.
        if (!(error instanceof ConditionFailed) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #apply(
    member: MemberState,
    known: Known,
    mayRelease: boolean,
  ): Promise<Omit<SignIn, 'memberVersion'>> {
    const wanted = wantedUser(member);
    if (wanted.kind === 'open') {
      const { email, role } = wanted;
      const { username, isNew } = await this.#userAt(email, member.id, known, mayRelease);
      const before = username === known.username ? known : {};
      if (!isNew && before.isEnabled !== true) await this.#users.enable(username);
      if (before.role !== role)
        await this.#users.setRole(username, role, isNew ? [] : othersThan(role, before.role));
      return { username, email, role, isEnabled: true };
    }
    const username = known.username ?? (await this.#madeByHand(member));
    if (username === undefined) return { isEnabled: false };
    if (wanted.kind === 'gone') {
      await this.#users.remove(username);
      await this.#signIns.disown(username);
      return { isEnabled: false };
    }
    if (known.isEnabled !== false) await this.#users.shutOut(username);
    return { ...known, username, isEnabled: false };
  }

  /** The member's user under this address: the one there is, moved if need be; else a new one, or one made by hand. */
  async #userAt(
    email: string,
    memberId: MemberId,
    known: Known,
    mayRelease: boolean,
  ): Promise<{ readonly username: string; readonly isNew: boolean }> {
    const own = known.username;
    const moved =
      own === undefined
        ? 'missing'
        : known.email === email
          ? 'done'
          : await this.#users.readdress(own, email);
    if (own !== undefined && moved === 'done') return { username: own, isNew: false };
    const invited = moved === 'missing' ? await this.#users.invite(email) : undefined;
    if (invited !== undefined) {
      await this.#signIns.claim(invited, memberId);
      return { username: invited, isNew: true };
    }
    const other = await this.#users.find(email);
    const owner = other === undefined ? undefined : await this.#signIns.ownerOf(other);
    if (other !== undefined && (owner === undefined || owner === memberId)) {
      // Nobody has two.
      if (own !== undefined && own !== other) await this.#users.remove(own);
      await this.#signIns.claim(other, memberId);
      return { username: other, isNew: false };
    }
    if (other === undefined || owner === undefined || !mayRelease)
      throw new AddressHeld(`The address of ${memberId} is with another user of the pool.`);
    await this.#release(other, owner);
    return this.#userAt(email, memberId, known, false);
  }

  /** The address belongs to another member by now: its former owner's user moves to the own new one, or goes. */
  async #release(username: string, owner: MemberId): Promise<void> {
    const former = await this.#members.find(owner);
    if (former?.email !== undefined) {
      await this.#bringUpToDate(owner, { isSure: false, mayRelease: false });
      return;
    }
    await this.#users.remove(username);
    await this.#signIns.disown(username);
  }

  /** The user of someone of whose user nothing is known: made before the system made them, or by hand. */
  async #madeByHand({ id, email }: MemberState): Promise<string | undefined> {
    const username = email === undefined ? undefined : await this.#users.find(email);
    if (username === undefined) return undefined;
    const owner = await this.#signIns.ownerOf(username);
    if (owner !== undefined && owner !== id) return undefined;
    await this.#signIns.claim(username, id);
    return username;
  }
}

/** All other roles where the former one isn't known. */
const othersThan = (role: Role, former: Role | undefined): readonly Role[] =>
  (former === undefined ? Role.options : [former]).filter((each) => each !== role);
