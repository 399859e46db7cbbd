import type { Role } from '../../../shared/events/team.ts';

/** Who may sign in. A user's name never changes; the e-mail address is what one signs in with. */
export interface UserPool {
  /** Makes a user and mails the invitation; answers the name, undefined where another user has the address. */
  invite(email: string): Promise<string | undefined>;
  /** The name of the user with this address. */
  find(email: string): Promise<string | undefined>;
  readdress(username: string, email: string): Promise<'done' | 'missing' | 'taken'>;
  /** The groups say the role to whoever looks at the pool; what a token is good for, the trigger decides. */
  setRole(username: string, role: Role, insteadOf: readonly Role[]): Promise<void>;
  enable(username: string): Promise<void>;
  /** Ends every session, and lets none begin. A user that is not there is shut out as well. */
  shutOut(username: string): Promise<void>;
  /** A user that is not there is fine. */
  remove(username: string): Promise<void>;
}
