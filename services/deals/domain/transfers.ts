import type { MemberState } from '../../../shared/events/team.ts';
import type { Day } from '../../../shared/time/instant.ts';

/** Whether another membership took effect after `since`, on `day` at the latest. The first one counts from ever on: it moves nothing. */
export const hasMovedBetween = (
  { memberships }: Pick<MemberState, 'memberships'>,
  since: Day,
  day: Day,
): boolean =>
  memberships
    .map(({ from }) => from)
    .toSorted()
    .slice(1)
    .some((from) => since < from && from <= day);
