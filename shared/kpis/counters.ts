/**
 * What a bucket counts. All of it adds up over days, and over scopes that share no deal. Money is in minor units of the
 * organization's reporting currency, cycles in whole days.
 */
export const counterNames = [
  /** Won deals and paid orders without a deal, with their refunds at their own dates; reps and teams get their credit's share. */
  'wonRevenue',
  'wonDeals',
  /** Full amounts of won deals, gross of refunds. */
  'wonAmount',
  /** Won deals without an amount in the reporting currency; they are in `wonDeals`, and in no money. */
  'wonUnvalued',
  'lostDeals',
  'createdDeals',
  /** As of now: in the bucket that has no day. */
  'openDeals',
  'cycleDaysWon',
  'cycleDaysLost',
  /** Won deals without a start date: they are in `wonDeals`, and in no cycle. */
  'cycleExcludedWon',
  'cycleExcludedLost',
  /** Paid orders. */
  'ordersCount',
  /** Paid orders after discounts, without tax and shipping, gross of refunds. */
  'ordersNet',
  /** What refunds and cancellations took back of paid orders, at their own dates; positive. */
  'ordersRefunded',
  /** Paid orders without an amount in the reporting currency; they are in `ordersCount`, and in no money. */
  'ordersUnvalued',
] as const;
export type CounterName = (typeof counterNames)[number];

/** Quantile sketches (shared/statistics/sketch.ts): full amounts of won deals; cycle days of won and of lost deals. */
export const sketchNames = ['dealSize', 'cycleWon', 'cycleLost'] as const;
export type SketchName = (typeof sketchNames)[number];
