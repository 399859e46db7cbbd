import { describe, expect, it } from 'vitest';
import { type FxRates, rateOn } from '../../../services/deals/domain/fx.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day } from '../../../shared/time/instant.ts';

const currency = (code: string) => Currency.parse(code);
const set = (day: string, base: string, rates: Record<string, string>): FxRates => ({
  id: Day.parse(day),
  day: Day.parse(day),
  base: currency(base),
  rates,
});
const ask = (known: readonly FxRates[], from: string, to: string, day: string) =>
  rateOn(known, { currency: currency(from), reporting: currency(to), day: Day.parse(day) });

const kept = [
  set('2026-01-10', 'USD', { EUR: '1.25', GBP: '1.5' }),
  set('2026-02-10', 'USD', { EUR: '1.2' }),
  set('2026-03-10', 'EUR', { GBP: '1.1' }),
];

describe('rates that were set while another currency was reported in', () => {
  it('still tell what the former reporting currency is worth', () => {
    expect(ask(kept, 'USD', 'EUR', '2026-01-31')).toEqual({
      currency: 'EUR',
      rate: '0.8',
      day: '2026-01-10',
    });
  });

  it('lead over it, as old as the older of the two', () => {
    expect(ask(kept, 'GBP', 'EUR', '2026-02-20')).toEqual({
      currency: 'EUR',
      rate: '1.25',
      day: '2026-01-10',
    });
  });

  it('give way to a later rate, whichever way it leads', () => {
    expect(ask(kept, 'GBP', 'EUR', '2026-03-31')).toEqual({
      currency: 'EUR',
      rate: '1.1',
      day: '2026-03-10',
    });
    expect(ask(kept, 'EUR', 'USD', '2026-03-31')).toEqual({
      currency: 'USD',
      rate: '1.2',
      day: '2026-02-10',
    });
  });

  it('tell nothing of days before them, or of currencies without one', () => {
    expect(ask(kept, 'USD', 'EUR', '2026-01-09')).toBeUndefined();
    expect(ask(kept, 'JPY', 'EUR', '2026-03-31')).toBeUndefined();
  });
});
