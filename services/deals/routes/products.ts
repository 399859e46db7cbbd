import * as z from 'zod';
import { ProductChanged } from '../../../shared/events/deals.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { ProductId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { patched } from '../domain/patch.ts';
import { Category, Product, productIdOf, ProductName, Sku } from '../domain/product.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { createAs } from '../store/create-as.ts';
import { PRODUCTS } from '../store/entities.ts';

const ProductResource = Product.extend({ version: z.int() }).meta({ id: 'Product' });
const params = z.object({ id: ProductId });

const createProduct = route({
  method: 'POST',
  path: '/v1/products',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Create a product',
  description: 'A SKU belongs to one product, whatever its case, and never changes.',
  status: 201,
  idempotent: true,
  body: z.strictObject({
    sku: Sku,
    name: ProductName,
    category: Category.optional(),
    listPrice: Money.optional(),
  }),
  example: { sku: 'LAS-12', name: 'Lasagne sheets', listPrice: { amount: 4_680, currency: 'USD' } },
  response: ProductResource,
  async handle(request, { table, products, clock }: SellingDeps) {
    const { body } = request;
    const now = clock.now();
    const product = { ...body, id: productIdOf(body.sku), createdAt: now, updatedAt: now };
    return createAs(products, product, request, ProductChanged, table);
  },
});

const listProducts = route({
  method: 'GET',
  path: '/v1/products',
  scope: 'sales/deals.read',
  summary: 'List products by name',
  query: pageQuery,
  response: page(ProductResource),
  async handle({ query }, { products }: SellingDeps) {
    const { items, lastKey } = await products.queryIndex('gsi2', PRODUCTS, {
      limit: query.limit,
      cursor: positionOf(query, 'products'),
    });
    return pageOf(items, lastKey, 'products');
  },
});

const getProduct = route({
  method: 'GET',
  path: '/v1/products/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a product',
  params,
  response: ProductResource,
  handle: async ({ params: { id } }, { products }: SellingDeps) => products.get(id),
});

const changeProduct = route({
  method: 'PATCH',
  path: '/v1/products/{id}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Change a product',
  description: 'Null empties a field. Deals keep the prices they have.',
  params,
  body: z
    .strictObject({ name: ProductName, category: Category.nullable(), listPrice: Money.nullable() })
    .partial(),
  example: { listPrice: { amount: 4_900, currency: 'USD' } },
  response: ProductResource,
  async handle({ params: { id }, body, ifMatch }, { products, clock }: SellingDeps) {
    const product = await products.get(id, { ifMatch });
    const changed = patched(product, body);
    if (changed === product) return product;
    return products.save({ ...changed, updatedAt: clock.now() }, ProductChanged);
  },
});

export const productRoutes = [createProduct, listProducts, getProduct, changeProduct] as const;
