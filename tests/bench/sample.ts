import { quantileSorted } from 'simple-statistics';

/** `share` between 0 and 1; 0.5 is the median. Throws RangeError for no values. */
export const quantile = (values: readonly number[], share: number): number => {
  if (values.length === 0) throw new RangeError('nothing was measured');
  return quantileSorted(
    [...values].sort((a, b) => a - b),
    share,
  );
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Runs it and answers how many milliseconds it took, with what it answered. */
export const timed = async <T>(
  work: () => Promise<T>,
): Promise<{ readonly ms: number; readonly answer: T }> => {
  const started = performance.now();
  const answer = await work();
  return { ms: performance.now() - started, answer };
};
