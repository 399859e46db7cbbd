/**
 * A mergeable quantile sketch after C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile
 * Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019. A value counts in bin ⌈log_γ(value)⌉, γ = (1 + α) ÷ (1 − α);
 * sketches merge by adding counts, and a count can be taken away again, so they live in counters like any sum.
 */
const ALPHA = 0.005;
const GAMMA = (1 + ALPHA) / (1 - ALPHA);
const LOG_GAMMA = Math.log(GAMMA);
const ZERO_BIN = 'z';

/** Bin → count. Counts of zero or below are as good as absent. */
export type Bins = Readonly<Record<string, number>>;

/** The bin of a value; values are whole and not negative (minor units, days). Throws a `RangeError` on a negative one. */
export const binOf = (value: number): string => {
  if (!(value >= 0)) throw new RangeError(`A sketch holds no ${String(value)}.`);
  return value === 0 ? ZERO_BIN : String(Math.ceil(Math.log(value) / LOG_GAMMA));
};

/** The sketch of the values of both. */
export const mergedBins = (a: Bins = {}, b: Bins = {}): Bins => {
  const merged: Record<string, number> = { ...a };
  for (const [bin, count] of Object.entries(b)) merged[bin] = (merged[bin] ?? 0) + count;
  return merged;
};

/** A value that stands for all of its bin: the only whole number in it, or else at most α away from any. */
const valueOf = (bin: string): number => {
  if (bin === ZERO_BIN) return 0;
  const index = Number(bin);
  const whole = Math.floor(GAMMA ** index * (1 + Number.EPSILON * 8));
  const below = Math.floor(GAMMA ** (index - 1) * (1 + Number.EPSILON * 8));
  return whole - below === 1 ? whole : (2 * GAMMA ** index) / (GAMMA + 1);
};

const indexOf = (bin: string): number => (bin === ZERO_BIN ? -Infinity : Number(bin));

/**
 * The q-quantile (0–1) to within 0.5 % of the exact one; whole values below 100 are exact. It interpolates between the
 * two ranks around q × (n − 1), so the median of an even count is the mean of the two in the middle. Null when empty.
 */
export const quantile = (bins: Bins, q: number): number | null => {
  const counted = Object.entries(bins)
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => indexOf(a) - indexOf(b));
  const n = counted.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0) return null;
  const valueAt = (rank: number): number => {
    let seen = 0;
    const found = counted.find(([, count]) => (seen += count) > rank);
    return valueOf((found ?? counted[counted.length - 1] ?? [ZERO_BIN])[0]);
  };
  const rank = Math.min(1, Math.max(0, q)) * (n - 1);
  const lower = valueAt(Math.floor(rank));
  const upper = valueAt(Math.ceil(rank));
  return lower + (upper - lower) * (rank - Math.floor(rank));
};
