import type { DealChange } from '../../../shared/events/deals.ts';
import type { Deal } from './deal.ts';
import { isSame } from './patch.ts';

/** When, for what, and from which row of a file something was written is no news by itself. */
const ignored = new Set(['version', 'updatedAt', 'importHash', 'recomputedFor']);

/** What differs between two states of a deal, by field name. */
export const dealChange = (before: Deal, after: Deal): DealChange => {
  const was: Readonly<Record<string, unknown>> = { ...before };
  const is: Readonly<Record<string, unknown>> = { ...after };
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => !ignored.has(name) && !isSame(was[name], is[name]),
  );
  return {
    fields,
    ...(before.status !== after.status && { previousStatus: before.status }),
    ...(before.stage !== after.stage && { previousStage: before.stage }),
  };
};
