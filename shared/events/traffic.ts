import * as z from 'zod';
import { StoreId, TrafficId } from '../ids/id.ts';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';

const count = z.int().min(0);

/** What came to a store on a day: each time told, it takes the place of what was told of that day before. */
export const TrafficState = z.object({
  id: TrafficId,
  storeId: StoreId,
  /** In the organization’s zone. */
  day: Day,
  sessions: count,
  visitors: count.optional(),
  pageViews: count.optional(),
  carts: count.optional(),
  checkouts: count.optional(),
});
export type TrafficState = z.infer<typeof TrafficState>;

export const TrafficRecorded = event({
  service: 'deals',
  name: 'TrafficRecorded',
  major: 1,
  description: 'The sessions of a store’s day were told, or told anew.',
  data: TrafficState,
});
