import * as z from 'zod';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { derivedId, ProductId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';

export const Sku = z.string().trim().min(1, 'must not be empty').max(100);
export const ProductName = z.string().trim().min(1, 'must not be empty').max(200);
export const Category = z.string().trim().min(1).max(100);

export const Product = z.object({
  id: ProductId,
  sku: Sku,
  name: ProductName,
  category: Category.optional(),
  listPrice: Money.optional(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Product = z.infer<typeof Product>;

/** A product's id follows from its SKU, without regard to case: that alone keeps SKUs unique. */
export const productIdOf = (sku: string): ProductId => derivedId(ProductId, 'product', nameKey(sku));
