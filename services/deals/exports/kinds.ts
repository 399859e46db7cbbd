import * as z from 'zod';
import { exportKind } from '../../../shared/exports/kind.ts';
import { DealStatus } from '../../../shared/events/deals.ts';
import { MemberId, StoreId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';

const AGAIN = 'The file can be imported again as it is. ';

export const accountExport = exportKind({
  kind: 'accounts',
  description: AGAIN,
  columns: [
    'id',
    'name',
    'externalId',
    'industry',
    'segment',
    'country',
    'region',
    'postalCode',
    'annualRevenue',
    'domains',
    'taxId',
    'email',
    'owner',
    'territory',
  ],
  filters: z.strictObject({ ownerId: MemberId.optional().describe('Accounts of this member alone.') }),
});

export const productExport = exportKind({
  kind: 'products',
  description: AGAIN,
  columns: ['name', 'sku', 'category', 'listPrice', 'currency'],
  filters: z.strictObject({}),
});

export const dealExport = exportKind({
  kind: 'deals',
  description: AGAIN,
  columns: [
    'id',
    'externalId',
    'name',
    'owner',
    'account',
    'product',
    'pipeline',
    'stage',
    'startedOn',
    'closedOn',
    'amount',
    'currency',
    'expectedCloseOn',
    'lostReason',
    'source',
  ],
  filters: z.strictObject({
    ownerId: MemberId.optional().describe('Deals of this member alone.'),
    status: DealStatus.optional(),
    from: Day.optional().describe('First day of the close, or of the expected one while open; in UTC.'),
    to: Day.optional().describe('Last day of it.'),
  }),
});

export const orderExport = exportKind({
  kind: 'orders',
  columns: [
    'id',
    'store',
    'number',
    'externalId',
    'placedAt',
    'paidAt',
    'cancelledAt',
    'test',
    'currency',
    'gross',
    'discounts',
    'net',
    'tax',
    'shipping',
    'total',
    'refunded',
    'deal',
    'account',
    'customerExternalId',
  ],
  filters: z.strictObject({
    storeId: StoreId.optional().describe('Orders of this store alone.'),
    from: Day.optional().describe('First day on which they were placed, in UTC.'),
    to: Day.optional().describe('Last day of it.'),
  }),
});

export const fxRateExport = exportKind({
  kind: 'fx-rates',
  columns: ['day', 'base', 'currency', 'rate'],
  filters: z.strictObject({}),
});
