import type { Instant } from '../../../../shared/time/instant.ts';
import { type Patch, patched } from '../patch.ts';
import { assertReachable, type Lead, type LeadDetails } from './lead.ts';
import { assertOpenLead } from './lead-steps.ts';
import type * as z from 'zod';

export type LeadEdit = Patch<z.infer<typeof LeadDetails>> & {
  readonly status?: Lead['status'] | undefined;
  readonly duplicateOf?: null | undefined;
};

/** What the territory rules go by. */
const facts = ['country', 'region', 'postalCode', 'industry', 'segment', 'annualRevenue'] as const;

/**
 * The lead with what the edit names changed, the very same object where nothing changes; and whether the rules are to say
 * anew whose it is: they never take it from anyone.
 * @throws InvalidTransition unless the lead is open; Unprocessable where nothing to call it by is left
 */
export const editedLead = <L extends Lead>(
  lead: L,
  edit: LeadEdit,
  now: Instant,
): { readonly edited: L; readonly isToBeRouted: boolean } => {
  assertOpenLead(lead, 'changed');
  const isUnmarked = edit.duplicateOf === null && lead.duplicateOf !== undefined;
  const changed: L = patched<Lead>(lead, { ...edit, ...(isUnmarked && { notDuplicate: true }) }) as L;
  if (changed === lead) return { edited: lead, isToBeRouted: false };
  assertReachable(changed);
  const isWorked = changed.status !== lead.status;
  return {
    edited: { ...changed, updatedAt: now, ...(isWorked && { lastActivityAt: now }) },
    isToBeRouted: lead.ownerId === undefined && facts.some((fact) => changed[fact] !== lead[fact]),
  };
};
