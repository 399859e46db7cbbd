import { moveDeals } from './move-deals.ts';
import type { MoverKind } from './mover.ts';

/** Every kind of record that belongs to accounts, in the order in which a merge moves them: first what numbers are counted by. */
export const movers: readonly MoverKind[] = [moveDeals];
