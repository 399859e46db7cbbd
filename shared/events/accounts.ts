import * as z from 'zod';
import { AccountId, MergeId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';
import { event } from './contract.ts';

const AccountMergeState = z.object({
  id: MergeId,
  /** The survivor, to which all belongs from now on. */
  accountId: AccountId,
  duplicateId: AccountId,
  /** How many records moved to the survivor, by kind: `deals`, `orders` … */
  moved: z.record(z.string(), z.int()),
  /** Of those, how many undoing gave back, and how many it left where they had gone meanwhile. */
  restored: z.record(z.string(), z.int()).optional(),
  left: z.record(z.string(), z.int()).optional(),
  mergedAt: Instant.optional(),
  undoneAt: Instant.optional(),
});

const mergeEvent = (name: string, description: string) =>
  event({ service: 'deals', name, major: 1, description, data: AccountMergeState });

export const AccountsMerged = mergeEvent(
  'AccountsMerged',
  'Two accounts are one: what belonged to the duplicate belongs to the survivor. Each moved record is told by itself.',
);
export const AccountMergeUndone = mergeEvent(
  'AccountMergeUndone',
  'Two accounts that were merged are two again; each record that went back is told by itself.',
);
