import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import type { Entry, Fact } from './fact.ts';

/** A deal or order that is counted as won or paid, and was not before. */
export interface Closing {
  readonly kind: Fact['kind'];
  /** What it brought, in minor units of `currency`; 0 for a win without a rate, and for an order of a deal. */
  readonly revenue: number;
  readonly currency: string;
}

const closes = ({ counts }: Entry): boolean => (counts?.wonDeals ?? counts?.ordersCount ?? 0) > 0;

/** Gross: what is given back, corrected or reopened later is no closing. The canary's deals are nobody's. */
export const closingBetween = (before: Fact | undefined, next: Fact): Closing | undefined => {
  const entry = next.entries.find(closes);
  if (entry === undefined || before?.entries.some(closes) === true || next.source === CANARY_SOURCE)
    return undefined;
  return { kind: next.kind, revenue: entry.credited ?? 0, currency: next.currency };
};
