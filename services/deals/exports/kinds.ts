import * as z from 'zod';
import { exportKind } from '../../../shared/exports/kind.ts';
import { ActivityKind } from '../../../shared/events/activities.ts';
import { DealStatus } from '../../../shared/events/deals.ts';
import { LeadStatus } from '../../../shared/events/leads.ts';
import { AccountId, MemberId, StoreId } from '../../../shared/ids/id.ts';
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
  description:
    'A row for each line, and one for each refund; sums of the order stand in its first row. Imported again as it is, the file changes nothing. ',
  columns: [
    'id',
    'store',
    'number',
    'date',
    'paid',
    'cancelledAt',
    'test',
    'currency',
    'sku',
    'title',
    'quantity',
    'unitPrice',
    'discount',
    'tax',
    'refundOf',
    'customer',
    'customerEmail',
    'customerName',
    'account',
    'deal',
    'net',
    'shipping',
    'total',
    'refunded',
  ],
  filters: z.strictObject({
    storeId: StoreId.optional().describe('Orders of this store alone.'),
    from: Day.optional().describe('First day on which they were placed, in UTC.'),
    to: Day.optional().describe('Last day of it.'),
  }),
});

export const fxRateExport = exportKind({
  kind: 'fx-rates',
  description: AGAIN,
  columns: ['day', 'base', 'currency', 'rate'],
  filters: z.strictObject({}),
});

export const contactExport = exportKind({
  kind: 'contacts',
  description: AGAIN,
  columns: [
    'id',
    'externalId',
    'firstName',
    'lastName',
    'email',
    'phone',
    'jobTitle',
    'account',
    'role',
    'notes',
  ],
  filters: z.strictObject({ accountId: AccountId.optional().describe('Contacts of this account alone.') }),
});

export const leadExport = exportKind({
  kind: 'leads',
  description: AGAIN,
  columns: [
    'id',
    'externalId',
    'status',
    'score',
    'name',
    'company',
    'email',
    'phone',
    'jobTitle',
    'source',
    'country',
    'region',
    'postalCode',
    'industry',
    'segment',
    'annualRevenue',
    'employees',
    'message',
    'owner',
    'createdAt',
  ],
  filters: z.strictObject({
    ownerId: MemberId.optional().describe('Leads of this member alone.'),
    status: LeadStatus.optional(),
  }),
});

export const activityExport = exportKind({
  kind: 'activities',
  description: AGAIN,
  columns: [
    'id',
    'externalId',
    'kind',
    'owner',
    'status',
    'account',
    'contact',
    'lead',
    'deal',
    'occurredAt',
    'dueOn',
    'subjectLine',
    'notes',
    'outcome',
    'durationMinutes',
    'nextStep',
  ],
  filters: z.strictObject({
    ownerId: MemberId.optional().describe('Activities of this member alone.'),
    kind: ActivityKind.optional(),
    from: Day.optional().describe('First day on which they happened, or else were recorded; in UTC.'),
    to: Day.optional().describe('Last day of it.'),
  }),
});

export const trafficExport = exportKind({
  kind: 'traffic',
  description: AGAIN,
  columns: ['store', 'day', 'sessions', 'visitors', 'pageViews', 'carts', 'checkouts'],
  filters: z.strictObject({
    storeId: StoreId.optional().describe('Days of this store alone.'),
    from: Day.optional().describe('First day.'),
    to: Day.optional().describe('Last day.'),
  }),
});

export const feedbackExport = exportKind({
  kind: 'feedback',
  description: AGAIN,
  columns: [
    'id',
    'externalId',
    'kind',
    'score',
    'scale',
    'answeredAt',
    'account',
    'deal',
    'order',
    'store',
    'comment',
  ],
  filters: z.strictObject({
    storeId: StoreId.optional().describe('Answers about this store and its orders alone.'),
    from: Day.optional().describe('First day of the answer, in UTC.'),
    to: Day.optional().describe('Last day of it.'),
  }),
});

/** All of them, as `POST /v1/exports/<kind>` names them. */
export const exportKinds = [
  accountExport,
  productExport,
  dealExport,
  orderExport,
  fxRateExport,
  contactExport,
  leadExport,
  activityExport,
  trafficExport,
  feedbackExport,
];
