import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ProductChanged } from '../../../shared/events/deals.ts';
import { importHandler, type ImportRow } from '../../../shared/imports/kind.ts';
import type { Currency, Money } from '../../../shared/money/money.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { patched } from '../domain/patch.ts';
import { Category, type Product, productIdOf, ProductName, Sku } from '../domain/product.ts';
import { productEntity } from '../store/entities.ts';
import { amountCell } from './amount.ts';
import { productImport, type ProductField } from './kinds.ts';
import { outcomes, Pending, type Taken } from './pending.ts';
import { currencyCell, optionalCell, refusal, requiredCell, RowRefused } from './row.ts';

type Row = ImportRow<ProductField>;

const skuOf = ({ cells }: Row): string => cells.sku ?? cells.name ?? '';

const priceOf = (row: Row, given: Currency | undefined): Money | undefined => {
  if (row.cells.listPrice === undefined) return undefined;
  const currency = currencyCell(row, given);
  if (currency === undefined)
    throw new RowRefused('listPrice', 'has no currency: the import’s request must name one');
  return amountCell(row, 'listPrice', currency);
};

/** The row's product: made, brought up to date, or the very same object where nothing changes. */
const productOf = (
  row: Row,
  { pending, currency, now }: { pending: Pending<Product>; currency: Currency | undefined; now: Instant },
): Product => {
  const name = requiredCell(row, 'name', ProductName);
  const sku = optionalCell(row, 'sku', Sku) ?? name;
  const category = optionalCell(row, 'category', Category);
  const listPrice = priceOf(row, currency);
  const id = productIdOf(sku);
  const known = pending.get(id);
  if (known === undefined)
    return {
      id,
      sku,
      name,
      ...(category && { category }),
      ...(listPrice && { listPrice }),
      createdAt: now,
      updatedAt: now,
    };
  // Known by its name alone, it may have been renamed since.
  const rename = row.cells.sku === undefined ? {} : { name };
  const changed = patched(known, { ...rename, category, listPrice });
  return changed === known ? known : { ...changed, updatedAt: now };
};

/** Takes in products by SKU. */
export const productImportHandler = (table: Table) =>
  importHandler(productImport, async ({ dryRun, currency, cause, clock }) => {
    const repository = new Repository(table, productEntity, cause);
    return Promise.resolve(async (rows: readonly Row[]) => {
      const ids = rows.map((row) => productIdOf(skuOf(row)));
      const pending = new Pending(await repository.getMany(ids));
      const taken = rows.map((row): Taken<ProductField> => {
        try {
          const product = productOf(row, { pending, currency, now: clock.now() });
          return { id: product.id, outcome: pending.put(product, ProductChanged) };
        } catch (error) {
          return { id: undefined, outcome: refusal<ProductField>(error) };
        }
      });
      return outcomes(taken, dryRun ? new Set() : await pending.write(repository));
    });
  });
