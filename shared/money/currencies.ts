import * as iso4217 from 'dinero.js/currencies';

/**
 * Decimal places of each ISO 4217 currency, from dinero's table. Never from `Intl`, which knows how amounts are shown,
 * not how they are accounted for. MGA and MRU, whose subunit is a fifth (base 5), have two in ISO 4217.
 */
const exponents: ReadonlyMap<string, number> = new Map(
  Object.values(iso4217).map(({ code, base, exponent }) => [
    code,
    typeof base === 'number' && base !== 10 ? 2 : exponent,
  ]),
);

/** Whether the text is an ISO 4217 code, in upper case. */
export const isCurrency = (code: string): boolean => exponents.has(code);

/** Decimal places of the currency's minor unit: 2 for USD, 0 for JPY, 3 for BHD. Throws on what is no currency. */
export const exponentOf = (currency: string): number => {
  const exponent = exponents.get(currency);
  if (exponent === undefined) throw new RangeError(`${currency} is not an ISO 4217 currency.`);
  return exponent;
};
