/**
 * Shares of `amount` (minor units) in proportion to weights of zero or more, in their order. They add up to the amount
 * to the last unit (largest remainder; on a tie the earlier share gets it), and those of −a are those of a, negated, so
 * that a full refund leaves zero with everyone. Weights that are all zero get nothing. Throws a `RangeError` on a negative one.
 */
export const splitByWeights = (amount: number, weights: readonly number[]): number[] => {
  const exact = weights.map((weight) => BigInt(weight));
  if (exact.some((weight) => weight < 0n))
    throw new RangeError(`Weights of ${weights.join(', ')} are not all zero or more.`);
  const whole = exact.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) return weights.map(() => 0);
  const absolute = BigInt(Math.abs(amount));
  const shares = exact.map((weight, index) => ({
    index,
    floor: (absolute * weight) / whole,
    remainder: (absolute * weight) % whole,
  }));
  const left = Number(absolute - shares.reduce((sum, { floor }) => sum + floor, 0n));
  const largest = shares
    .toSorted((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    )
    .slice(0, left);
  const roundedUp = new Set(largest.map(({ index }) => index));
  return shares.map(({ index, floor }) => {
    const share = Number(floor) + (roundedUp.has(index) ? 1 : 0);
    return amount < 0 && share !== 0 ? -share : share;
  });
};
