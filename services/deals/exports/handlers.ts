import * as z from 'zod';
import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { type Cells, exportHandler, type ExportHandler } from '../../../shared/exports/kind.ts';
import { partitionPages } from '../../../shared/exports/partition-pages.ts';
import { toMajor } from '../../../shared/money/arithmetic.ts';
import { ordersOfStore } from '../commerce/entities.ts';
import type { Account } from '../domain/account.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import type { FxRates } from '../domain/fx.ts';
import type { Product } from '../domain/product.ts';
import { ACCOUNTS, dealsOfOwner, FX_RATES, PRODUCTS } from '../store/entities.ts';
import { orderCells } from './cells.ts';
import { accountExport, dealExport, fxRateExport, orderExport, productExport } from './kinds.ts';
import { isWithin } from './within.ts';
import { contacts, leads } from './people.ts';
import { storeIds } from './store-ids.ts';
import { activities, feedback, traffic } from './voices.ts';

/** One that was merged into another is that other. */
const Merged = z.object({ mergedInto: z.string() });

/** Whose an account is stands in the file where a person said so: an import that repeated what the rules say would be a person's word. */
const accountCells = (account: Account): Cells => ({
  id: account.id,
  name: account.name,
  externalId: account.externalIds[0],
  industry: account.industry,
  segment: account.segment,
  country: account.country,
  region: account.region,
  postalCode: account.postalCode,
  annualRevenue: account.annualRevenue?.toString(),
  domains: account.domains?.join(', '),
  taxId: account.taxId,
  email: account.email,
  ...(account.assignedBy === 'rule' ? {} : { owner: account.ownerId, territory: account.territoryId }),
});

const accounts = (table: Table) =>
  exportHandler(accountExport, async ({ ownerId }) =>
    Promise.resolve(
      partitionPages(table, {
        index: 'gsi2',
        partitions: [ACCOUNTS],
        rowsOf: (items) =>
          items
            .filter((item) => item.type === 'account' && !Merged.safeParse(item.data).success)
            .map((item) => storedFrom<Account>(item))
            .filter((account) => ownerId === undefined || account.ownerId === ownerId)
            .map(accountCells),
      }),
    ),
  );

const productCells = ({ name, sku, category, listPrice }: Product): Cells => ({
  name,
  sku,
  category,
  listPrice: listPrice && toMajor(listPrice),
  currency: listPrice?.currency,
});

const products = (table: Table) =>
  exportHandler(productExport, async () =>
    Promise.resolve(
      partitionPages(table, {
        index: 'gsi2',
        partitions: [PRODUCTS],
        rowsOf: (items) => items.map((item) => productCells(storedFrom<Product>(item))),
      }),
    ),
  );

/** Several line items are no column: without a product, an import leaves them as they are. */
const dealCells = (deal: Deal): Cells => ({
  id: deal.id,
  externalId: deal.externalId,
  name: deal.name,
  owner: deal.ownerId,
  account: deal.accountId,
  product: deal.lineItems.length === 1 ? deal.lineItems[0]?.productId : undefined,
  pipeline: deal.pipelineId,
  stage: deal.status === 'open' ? deal.stage : deal.status,
  startedOn: deal.startedAt,
  closedOn: deal.closedAt,
  amount: toMajor(deal.amount),
  currency: deal.amount.currency,
  expectedCloseOn: deal.expectedCloseOn,
  lostReason: deal.status === 'lost' ? deal.lostReason : undefined,
  source: deal.source,
});

const deals = (table: Table) =>
  exportHandler(dealExport, async ({ ownerId, status, from, to }) => {
    const members = (await new Directory(table).snapshot()).members();
    const owners = ownerId === undefined ? members.map(({ id }) => id) : [ownerId];
    return partitionPages(table, {
      index: 'gsi1',
      partitions: owners.map(dealsOfOwner),
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<Deal>(item))
          .filter((deal) => deal.source !== CANARY_SOURCE && (status === undefined || deal.status === status))
          .filter((deal) =>
            isWithin(deal.status === 'open' ? deal.expectedCloseOn : deal.closedAt, { from, to }),
          )
          .map(dealCells),
    });
  });

const orders = (table: Table) =>
  exportHandler(orderExport, async ({ storeId, from, to }, { cause }) => {
    const ids = storeId === undefined ? await storeIds(table, cause) : [storeId];
    return partitionPages(table, {
      index: 'gsi1',
      partitions: ids.map(ordersOfStore),
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<OrderRecord>(item))
          .filter(({ snapshot, deleted }) => !deleted && isWithin(snapshot?.placedAt, { from, to }))
          .flatMap(orderCells),
    });
  });

const fxRates = (table: Table) =>
  exportHandler(fxRateExport, async () =>
    Promise.resolve(
      partitionPages(table, {
        index: undefined,
        partitions: [FX_RATES],
        rowsOf: (items) =>
          items
            .filter(({ type }) => type === 'fx-rates')
            .map((item) => storedFrom<FxRates>(item))
            .flatMap(({ id, base, rates }) =>
              Object.entries(rates).map(([currency, rate]) => ({ day: id, base, currency, rate })),
            ),
      }),
    ),
  );

/** Everything that can be exported from this service; `kinds.ts` says what is in it. */
export const exportHandlers = (table: Table): readonly ExportHandler[] => [
  accounts(table),
  products(table),
  deals(table),
  orders(table),
  fxRates(table),
  contacts(table),
  leads(table),
  activities(table),
  traffic(table),
  feedback(table),
];
