import {
  divideMoney,
  fromMajor,
  InvalidAmount,
  nearestFromMajor,
} from '../../../../shared/money/arithmetic.ts';
import type { Currency, Money, SignedMoney } from '../../../../shared/money/money.ts';
import { unreadable } from './payload.ts';

/** Runs what may find that a text is no amount; that makes the delivery unreadable, and says where. */
const at = (place: string, work: () => SignedMoney): SignedMoney => {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof InvalidAmount) throw unreadable(`${place} ${cause.message}`.trim(), cause);
    throw cause;
  }
};

/** Fewer than none of it is none: platforms write some discounts and refunds with a minus. */
const floored = ({ amount, currency }: SignedMoney): Money => ({ amount: Math.max(0, amount), currency });

/** `12.50`, exactly. `place` is told of what is no amount of the currency, by UnreadableDelivery. */
export const major = (digits: string, currency: Currency, place = ''): Money =>
  floored(at(place, () => fromMajor(digits, currency)));

/** `3.333333`, to the nearest minor unit: what platforms reckon with, not what was paid. */
export const nearest = (digits: string, currency: Currency, place = ''): Money =>
  floored(signedNearest(digits, currency, place));

export const signedNearest = (digits: string, currency: Currency, place = ''): SignedMoney =>
  at(place, () => nearestFromMajor(digits, currency));

export const none = (currency: Currency): Money => ({ amount: 0, currency });

/** What adds up, or is multiplied, beyond exact numbers is no amount of money. */
const exact = (amount: number, currency: Currency): Money => {
  if (Number.isSafeInteger(amount)) return { amount, currency };
  throw unreadable('amounts add up to more than can be kept exactly');
};

export const sum = (currency: Currency, amounts: readonly Money[]): Money =>
  exact(
    amounts.reduce((total, money) => total + money.amount, 0),
    currency,
  );

/** Never below zero. */
export const less = (money: Money, ...others: readonly Money[]): Money => ({
  ...money,
  amount: Math.max(
    0,
    others.reduce((left, other) => left - other.amount, money.amount),
  ),
});

export const times = ({ amount, currency }: Money, quantity: number): Money =>
  exact(amount * quantity, currency);

/** What one of so many costs, to the nearest minor unit; nothing costs nothing. */
export const each = (money: Money, quantity: number): Money =>
  quantity === 0 ? none(money.currency) : floored(divideMoney(money, quantity));
