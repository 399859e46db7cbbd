import { Forbidden } from '../errors/errors.ts';
import type { MemberState } from '../events/team.ts';
import type { MemberId } from '../ids/id.ts';
import type { Actor } from './actor.ts';

/**
 * Shuts out members who have departed, whatever their token still says: departing takes effect at once. `find` reads the
 * service's own copy; someone it hasn't heard of yet is let in. The result throws Forbidden.
 */
export const admitPresent =
  (find: (id: MemberId) => Promise<Pick<MemberState, 'status'> | undefined>) =>
  async (actor: Actor): Promise<void> => {
    if (actor.kind !== 'member') return;
    if ((await find(actor.id))?.status === 'departed')
      throw new Forbidden('Who has left the organization may do nothing here any more.');
  };
