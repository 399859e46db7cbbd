import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { FxRatesSet } from '../../../shared/events/deals.ts';
import { importHandler, type ImportRow } from '../../../shared/imports/kind.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day } from '../../../shared/time/instant.ts';
import { type FxRates, Rate } from '../domain/fx.ts';
import { fxRatesEntity } from '../store/entities.ts';
import { fxRateImport, type FxRateField } from './kinds.ts';
import { outcomes, Pending, type Taken } from './pending.ts';
import { refusal, requiredCell, RowRefused } from './row.ts';

type Row = ImportRow<FxRateField>;

const importedRates = { contract: FxRatesSet, change: { imported: true } } as const;

/** The day with the row's rate in place of the one of that currency; the very same object where it has that rate. */
const withRate = (row: Row, pending: Pending<FxRates>, base: Currency): FxRates => {
  const day = requiredCell(row, 'day', Day);
  const currency = requiredCell(row, 'currency', Currency);
  const rate = requiredCell(row, 'rate', Rate);
  const known = pending.get(day);
  // Said once to a former reporting currency, and exported since.
  if (known?.rates[currency] === rate) return known;
  if (currency === base) throw new RowRefused('currency', `${base} is the reporting currency: its rate is 1`);
  if (known === undefined) return { id: day, day, base, rates: { [currency]: rate } };
  if (known.base !== base)
    throw new RowRefused(
      'day',
      `the rates of ${day} are to ${known.base}, a former reporting currency; replace them with PUT /v1/fx-rates/${day}`,
    );
  return { ...known, rates: { ...known.rates, [currency]: rate } };
};

/** Takes in rates by day and currency: other currencies of a day stay as they are. */
export const fxRateImportHandler = (table: Table) =>
  importHandler(fxRateImport, async ({ dryRun, cause }) => {
    const repository = new Repository(table, fxRatesEntity, cause);
    const { reportingCurrency } = await new Directory(table).organization();
    return async (rows: readonly Row[]) => {
      const days = rows.flatMap(({ cells }) => Day.safeParse(cells.day).data ?? []);
      const pending = new Pending(await repository.getMany(days));
      const taken = rows.map((row): Taken<FxRateField> => {
        try {
          const rates = withRate(row, pending, reportingCurrency);
          return { id: rates.id, outcome: pending.put(rates, importedRates) };
        } catch (error) {
          return { id: undefined, outcome: refusal<FxRateField>(error) };
        }
      });
      return outcomes(taken, dryRun ? new Set() : await pending.write(repository));
    };
  });
