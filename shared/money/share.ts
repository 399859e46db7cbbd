import { divideHalfEven, exact } from './arithmetic.ts';

/** `amount` × `numerator` ÷ `denominator` (> 0) in minor units, half-even. Throws `InvalidAmount` beyond what can be kept exactly. */
export const shareOf = (amount: number, numerator: number, denominator: number): number =>
  exact(divideHalfEven(BigInt(amount) * BigInt(numerator), BigInt(denominator)));
