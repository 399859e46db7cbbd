import * as z from 'zod';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import { PreconditionFailed, Unprocessable } from '../../../shared/errors/errors.ts';
import { FxRatesSet } from '../../../shared/events/deals.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day } from '../../../shared/time/instant.ts';
import { type FxRates, Rate } from '../domain/fx.ts';
import { patched } from '../domain/patch.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { FX_RATES } from '../store/entities.ts';

const params = z.object({ day: Day });
const FxRatesResource = z
  .object({
    day: Day,
    base: Currency.describe('The organization’s reporting currency.'),
    rates: z
      .record(Currency, Rate)
      .describe('Per currency: how many major units of `base` one major unit buys, as a decimal.'),
    version: z.int(),
  })
  .meta({ id: 'FxRates' });

const getFxRates = route({
  method: 'GET',
  path: '/v1/fx-rates/{day}',
  scope: 'sales/deals.read',
  summary: 'Get the exchange rates that were set for a day',
  params,
  response: FxRatesResource,
  handle: async ({ params: { day } }, { fxRates }: SellingDeps) => fxRates.get(day),
});

const setFxRates = route({
  method: 'PUT',
  path: '/v1/fx-rates/{day}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Set the exchange rates of a day',
  description:
    'They take the place of all rates of the day. Deals that are closed keep the rate they closed with. A close uses the latest day up to its own; one that found none is valued now, if the day is not after it.',
  params,
  body: z.strictObject({ rates: z.record(Currency, Rate) }),
  example: { rates: { EUR: '1.0842', GBP: '1.2650' } },
  response: FxRatesResource,
  async handle({ params: { day }, body: { rates }, ifMatch }, { fxRates, directory }: SellingDeps) {
    const { reportingCurrency: base } = await directory.organization();
    assertNotBase(rates, base);
    const found = await fxRates.find(day);
    if (ifMatch !== undefined && ifMatch !== found?.version)
      throw new PreconditionFailed(
        `The rates of ${day} are at version ${found?.version ?? 0}, not ${ifMatch}.`,
      );
    if (found === undefined) return fxRates.create({ id: day, day, base, rates }, FxRatesSet);
    const changed = patched(found, { base, rates });
    return changed === found ? found : fxRates.save(changed, FxRatesSet);
  },
});

const listFxRates = route({
  method: 'GET',
  path: '/v1/fx-rates',
  scope: 'sales/deals.read',
  summary: 'List the days that exchange rates were set for, the latest first',
  query: pageQuery.extend({
    from: Day.optional().describe('The first day.'),
    to: Day.optional().describe('The last day; it belongs to the list.'),
  }),
  response: page(FxRatesResource),
  async handle({ query: { from, to, ...query } }, { table }: SellingDeps) {
    if (from !== undefined && to !== undefined && to < from)
      throw new Unprocessable('The range ends before it begins.', [
        { in: 'query', path: '/to', message: `must not be before ${from}` },
      ]);
    const binding = { list: 'fx-rates', from, to };
    const after = positionOf(query, binding);
    const { items, lastKey } = await table.query({
      pk: FX_RATES,
      skFrom: from,
      skTo: to,
      descending: true,
      limit: query.limit,
      after,
    });
    return pageOf(
      items.map((item) => storedFrom<FxRates>(item)),
      lastKey,
      binding,
    );
  },
});

const assertNotBase = (rates: Readonly<Record<string, string>>, base: Currency): void => {
  if (!Object.hasOwn(rates, base)) return;
  throw new Unprocessable(`${base} is the reporting currency: its rate is 1.`, [
    { path: `/rates/${base}`, message: 'must be left out' },
  ]);
};

export const fxRateRoutes = [listFxRates, getFxRates, setFxRates] as const;
