import * as z from 'zod';
import { MergeId } from '../../../../shared/ids/id.ts';

/** The kinds of job that merge accounts, and that undo it. */
export const MERGE_ACCOUNTS = 'merge-accounts';
export const UNDO_MERGE = 'undo-account-merge';

/** What both are to do. */
export const MergeInput = z.object({ mergeId: MergeId });
