import { InvalidTransition, Unprocessable } from '../../../../shared/errors/errors.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { isOpen, type Lead } from './lead.ts';

/** Why a lead may be given up. */
export const disqualificationReasons = [
  'no need',
  'no budget',
  'no response',
  'not the decision maker',
  'competitor',
  'timing',
  'too small',
  'outside our markets',
  'wrong contact data',
  'duplicate',
  'spam',
  'other',
] as const;

/** @throws InvalidTransition unless the lead is open */
export const assertOpenLead = (lead: Lead, doing: string): void => {
  if (isOpen(lead)) return;
  throw new InvalidTransition(
    lead.conversion === undefined
      ? `The lead is disqualified and can’t be ${doing}. Reopen it first.`
      : `The lead was converted on ${lead.conversion.at} and can’t be ${doing} any more: work on ${madeOf(lead)} instead.`,
  );
};

const madeOf = ({ conversion }: Lead): string => conversion?.dealId ?? conversion?.accountId ?? '';

/** @throws InvalidTransition unless the lead is open; Unprocessable naming the reasons that there are */
export const disqualified = (
  lead: Lead,
  {
    reason,
    note,
    now,
  }: { readonly reason: string; readonly note?: string | undefined; readonly now: Instant },
): Lead => {
  assertOpenLead(lead, 'disqualified');
  if (!disqualificationReasons.some((each) => each === reason))
    throw new Unprocessable(`“${reason}” is none of the configured reasons for giving up a lead.`, [
      { path: '/reason', message: `must be one of ${disqualificationReasons.join(', ')}` },
    ]);
  return {
    ...lead,
    status: 'disqualified',
    disqualification: { at: now, reason, ...(note !== undefined && { note }) },
    lastActivityAt: now,
    updatedAt: now,
  };
};

/**
 * A lead that was given up is worked again.
 * @throws InvalidTransition for one that is open, and for one that was converted: what it became lives on by itself
 */
export const reopened = (
  lead: Lead,
  { reason, now }: { readonly reason: string; readonly now: Instant },
): Lead => {
  if (lead.conversion !== undefined)
    throw new InvalidTransition(
      `The lead was converted on ${lead.conversion.at} and can’t be reopened: ${madeOf(lead)} was made of it and counts. Work on that, or make a new lead.`,
    );
  if (lead.status !== 'disqualified') throw new InvalidTransition('The lead is open.');
  const { disqualification: _, ...rest } = lead;
  return { ...rest, status: 'working', reopenReason: reason, lastActivityAt: now, updatedAt: now };
};

/** The lead as what it became. @throws InvalidTransition unless the lead is open */
export const converted = (lead: Lead, conversion: NonNullable<Lead['conversion']>): Lead => {
  assertOpenLead(lead, 'converted');
  return {
    ...lead,
    status: 'converted',
    conversion,
    lastActivityAt: conversion.at,
    updatedAt: conversion.at,
  };
};
