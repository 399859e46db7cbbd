import * as z from 'zod';
import type { InputError } from '../../../shared/errors/errors.ts';
import { TrafficState } from '../../../shared/events/traffic.ts';
import { derivedId, StoreId, TrafficId } from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { isToldAgain } from './told-again.ts';

/** More sessions than any store has on a day, and few enough to be added up exactly. */
const Count = z.int().min(0, 'must not be negative').max(1_000_000_000);

/** A store's day as it is told. */
export const TrafficDay = z.strictObject({
  storeId: StoreId,
  day: Day.describe('In the organization’s zone; not in the future.'),
  sessions: Count,
  visitors: Count.optional().describe('Different visitors: never more than sessions.'),
  pageViews: Count.optional(),
  carts: Count.optional().describe('Sessions that put something into the cart.'),
  checkouts: Count.optional().describe('Sessions that began to check out.'),
});
export type TrafficDay = z.infer<typeof TrafficDay>;

export const Traffic = TrafficState.extend({ createdAt: Instant, updatedAt: Instant });
export type Traffic = z.infer<typeof Traffic>;

/** A store has each day once. */
export const trafficIdOf = ({ storeId, day }: Pick<TrafficDay, 'storeId' | 'day'>): TrafficId =>
  derivedId(TrafficId, 'traffic', storeId, day);

/** What is wrong with a day by itself. */
export const trafficFaults = (told: TrafficDay, today: Day): readonly InputError[] => {
  const { day, sessions } = told;
  const partial = (['visitors', 'carts', 'checkouts'] as const).filter(
    (name) => (told[name] ?? 0) > sessions,
  );
  return [
    ...(day > today ? [{ path: '/day', message: `must not be later than today, ${today}` }] : []),
    ...partial.map((name) => ({
      path: `/${name}`,
      message: `must not be more than the sessions, ${sessions}`,
    })),
  ];
};

/** The day as told, in place of what was told before; the very same where that says the same. */
export const trafficOf = (told: TrafficDay, before: Traffic | undefined, now: Instant): Traffic => {
  const fresh = { ...told, id: trafficIdOf(told), createdAt: before?.createdAt ?? now, updatedAt: now };
  return before !== undefined && isToldAgain<Traffic>(fresh, before) ? before : fresh;
};
