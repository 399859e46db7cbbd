import * as z from 'zod';
import { Day, Instant } from '../time/instant.ts';
import { PeriodText } from '../time/period.ts';
import { event } from './contract.ts';

export const PeriodLockState = z.object({
  /** The period's text. */
  id: PeriodText,
  kind: z.enum(['month', 'quarter', 'year']),
  /** Its days when it was locked; `to` is the first one after it. */
  from: Day,
  to: Day,
  lockedAt: Instant,
});
export type PeriodLockState = z.infer<typeof PeriodLockState>;

export const PeriodLocked = event({
  service: 'deals',
  name: 'PeriodLocked',
  major: 1,
  description: 'The books of a period are closed: what would change it counts on the first open day.',
  data: PeriodLockState,
});
