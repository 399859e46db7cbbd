import * as z from 'zod';
import { StoreId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';
import { event } from './contract.ts';

/** Whether a store is heard of. */
export const StoreSilenceState = z.object({
  /** The store. */
  id: StoreId,
  silent: z.boolean(),
  /** When its platform last sent something that was signed. */
  lastEventAt: Instant,
  /** Of silence that it is allowed. */
  silenceHours: z.int().min(1),
});
export type StoreSilenceState = z.infer<typeof StoreSilenceState>;

export const StoreSilenceChanged = event({
  service: 'deals',
  name: 'StoreSilenceChanged',
  major: 1,
  description: 'A store sent nothing for longer than it is expected to, or is heard of again.',
  data: StoreSilenceState,
});
