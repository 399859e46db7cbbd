const WHOLE = 10_000n;

/**
 * Shares of `amount` (minor units) by basis points that add up to 10,000, in their order. The shares add up to the
 * amount to the last unit (largest remainder; on a tie the earlier share gets it), and those of −a are those of a,
 * negated, so that a full refund leaves zero with everyone. Throws a `RangeError` where the points are not a whole.
 */
export const splitByBasisPoints = (amount: number, basisPoints: readonly number[]): number[] => {
  const points = basisPoints.map((each) => BigInt(each));
  if (points.some((each) => each < 0n) || points.reduce((sum, each) => sum + each, 0n) !== WHOLE) {
    throw new RangeError(`Shares of ${basisPoints.join(', ')} basis points do not add up to 10,000.`);
  }
  const absolute = BigInt(Math.abs(amount));
  const shares = points.map((each, index) => ({
    index,
    floor: (absolute * each) / WHOLE,
    remainder: (absolute * each) % WHOLE,
  }));
  const left = Number(absolute - shares.reduce((sum, { floor }) => sum + floor, 0n));
  const first = shares
    .toSorted((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    )
    .slice(0, left);
  const rounded = new Set(first.map(({ index }) => index));
  return shares.map(({ index, floor }) => {
    const share = Number(floor) + (rounded.has(index) ? 1 : 0);
    return amount < 0 && share !== 0 ? -share : share;
  });
};
