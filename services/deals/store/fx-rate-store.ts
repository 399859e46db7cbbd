import type { Table } from '../../../shared/dynamodb/table.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { FrozenRate } from '../../../shared/events/deals.ts';
import type { Currency } from '../../../shared/money/money.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { type FxRates, rateOn } from '../domain/fx.ts';
import { FX_RATES } from './entities.ts';

/** Days are read so many at a time, from the wanted one back; nearly always the first page has the currency. */
const DAYS_PER_PAGE = 10;

/**
 * The latest day that has a rate of the currency. While a file is taken in, its rates come day by day: only up to there is it
 * known which rate is the latest one before a day, and what is frozen by a rate stays so.
 */
export const latestRateDay = async (table: Table, currency: string): Promise<Day | undefined> => {
  let after: Parameters<Table['query']>[0]['after'];
  do {
    const { items, lastKey } = await table.query({
      pk: FX_RATES,
      descending: true,
      limit: DAYS_PER_PAGE,
      after,
    });
    const found = items
      .map((item) => storedFrom<FxRates>(item))
      .find(({ rates }) => Object.hasOwn(rates, currency));
    if (found !== undefined) return found.day;
    after = lastKey;
  } while (after !== undefined);
  return undefined;
};

export interface RateQuestion {
  readonly currency: Currency;
  readonly reporting: Currency;
  readonly day: Day;
}

/** Answers rates, each question once: made anew for each request, so that it never knows old ones. */
export class FxRateStore {
  readonly #table: Table;
  readonly #answers = new Map<string, Promise<FrozenRate | undefined>>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** The rate of the latest day up to `day`; undefined where there is none. */
  async rate(question: RateQuestion): Promise<FrozenRate | undefined> {
    const { currency, reporting, day } = question;
    if (currency === reporting) return rateOn([], question);
    const key = `${currency}/${reporting}/${day}`;
    const answer = this.#answers.get(key) ?? this.#read(question);
    this.#answers.set(key, answer);
    return answer;
  }

  async #read(question: RateQuestion): Promise<FrozenRate | undefined> {
    const known: FxRates[] = [];
    let after: Parameters<Table['query']>[0]['after'];
    do {
      const { items, lastKey } = await this.#table.query({
        pk: FX_RATES,
        skTo: question.day,
        descending: true,
        limit: DAYS_PER_PAGE,
        after,
      });
      // Kept from page to page: the two rates of a way over another currency may lie days apart.
      known.push(...items.map((item) => storedFrom<FxRates>(item)));
      const found = rateOn(known, question);
      if (found !== undefined) return found;
      after = lastKey;
    } while (after !== undefined);
    return undefined;
  }
}
