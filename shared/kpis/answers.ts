import { quantile, type Bins } from '../statistics/sketch.ts';

/** A KPI's value with what it was reckoned from. */
export interface Answered {
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** How many deals or orders stand behind the value. */
  readonly n: number;
  readonly reason?: string;
  readonly excluded?: number;
  /** Days. */
  readonly percentiles?: { readonly p50: number; readonly p75: number; readonly p90: number };
  /** Minor units: the average order value after refunds. */
  readonly netOfRefunds?: number;
}

const TAKEN_BACK = 'More of earlier, locked periods was taken back than there was.';

const roundTo = (digits: number, value: number): number => Number(value.toFixed(digits));

const divided = (
  numerator: number,
  denominator: number,
  n: number,
  round: (quotient: number) => number,
  reason: string,
): Answered =>
  // Below zero it is where more was taken back of earlier, locked periods than happened in this one.
  denominator <= 0
    ? { value: null, numerator, denominator, n, reason: denominator === 0 ? reason : TAKEN_BACK }
    : { value: round(numerator / denominator), numerator, denominator, n };

export const count = (value: number): Answered => ({ value, numerator: value, denominator: 1, n: value });

const halfEven = (value: number): number => {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
};

/** To the minor unit, half to even. */
export const money = (numerator: number, denominator: number, n: number, reason: string): Answered =>
  divided(numerator, denominator, n, halfEven, reason);

/** To six digits. */
export const ratio = (numerator: number, denominator: number, reason: string): Answered =>
  divided(numerator, denominator, denominator, (quotient) => roundTo(6, quotient), reason);

/** To four digits. */
export const days = (numerator: number, denominator: number, reason: string): Answered =>
  divided(numerator, denominator, denominator, (quotient) => roundTo(4, quotient), reason);

/** To four digits; nothing where there is nothing to rank. */
export const percentilesOf = (bins: Bins = {}): Pick<Answered, 'percentiles'> => {
  const [p50, p75, p90] = [0.5, 0.75, 0.9].map((q) => quantile(bins, q));
  if (typeof p50 !== 'number' || typeof p75 !== 'number' || typeof p90 !== 'number') return {};
  return { percentiles: { p50: roundTo(4, p50), p75: roundTo(4, p75), p90: roundTo(4, p90) } };
};
