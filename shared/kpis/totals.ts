import type { Bins } from '../statistics/sketch.ts';
import type { CounterName, SketchName } from './counters.ts';

/** Counters and sketches of a bucket, or summed over buckets. What is absent is zero. */
export interface Totals {
  readonly counters: Readonly<Partial<Record<CounterName, number>>>;
  readonly sketches: Readonly<Partial<Record<SketchName, Bins>>>;
}

export const emptyTotals: Totals = { counters: {}, sketches: {} };

const addInto = (
  target: Record<string, number>,
  added: Readonly<Record<string, number | undefined>>,
): void => {
  for (const [name, amount] of Object.entries(added)) target[name] = (target[name] ?? 0) + (amount ?? 0);
};

/** The sum; names that no KPI knows are kept, as a newer version of metrics may count more. */
export const sumTotals = (parts: Iterable<Totals>): Totals => {
  const counters: Record<string, number> = {};
  const sketches: Record<string, Record<string, number>> = {};
  for (const part of parts) {
    addInto(counters, part.counters);
    for (const [name, bins] of Object.entries(part.sketches)) addInto((sketches[name] ??= {}), bins);
  }
  return { counters, sketches };
};
