import type { MemberId } from '../../../shared/ids/id.ts';
import type { Goal } from './goal.ts';

/**
 * An active goal after the departure of `from`: owned by the heir where it was the member's own, and not watched by the
 * member any more. Without an heir the owner stays, for someone to be found by. Any other goal stays as it is.
 */
export const goalHandedOver = <G extends Goal>(goal: G, from: MemberId, heirId: MemberId | undefined): G => {
  const passes = goal.ownerId === from && heirId !== undefined;
  const watches = goal.watcherIds.includes(from);
  if (goal.status !== 'active' || (!passes && !watches)) return goal;
  return {
    ...goal,
    ...(passes && { ownerId: heirId }),
    ...(watches && { watcherIds: goal.watcherIds.filter((id) => id !== from) }),
  };
};
