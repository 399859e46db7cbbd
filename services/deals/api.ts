import type { AnyRoute } from '../../shared/http/route.ts';
import { exportRoutes } from '../../shared/exports/routes.ts';
import { importRoutes } from '../../shared/imports/routes.ts';
import {
  accountImport,
  activityImport,
  contactImport,
  dealImport,
  feedbackImport,
  fxRateImport,
  orderImport,
  leadImport,
  productImport,
  trafficImport,
} from './imports/kinds.ts';
import { exportKinds } from './exports/kinds.ts';
import { accountAssignmentRoutes } from './routes/account-assignments.ts';
import { accountDuplicateRoutes } from './routes/account-duplicates.ts';
import { accountHealthRoutes } from './routes/account-health.ts';
import { accountMergeRoutes } from './routes/account-merges.ts';
import { accountRoutes } from './routes/accounts.ts';
import { contactListRoutes } from './routes/contact-lists.ts';
import { contactRoutes } from './routes/contacts.ts';
import { activityListRoutes } from './routes/activity-lists.ts';
import { activityRoutes } from './routes/activities.ts';
import { dealListRoutes } from './routes/deal-lists.ts';
import { dealStepRoutes } from './routes/deal-steps.ts';
import { dealRoutes } from './routes/deals.ts';
import { dealTransferRoutes } from './routes/deal-transfers.ts';
import { fxRateRoutes } from './routes/fx-rates.ts';
import { handOverRoutes } from './routes/hand-overs.ts';
import { leadListRoutes } from './routes/lead-lists.ts';
import { leadStepRoutes } from './routes/lead-steps.ts';
import { leadRoutes } from './routes/leads.ts';
import { customerRoutes } from './routes/customers.ts';
import { dealsWithoutOrderRoutes } from './routes/deals-without-order.ts';
import { orderDealRoutes } from './routes/order-deal.ts';
import { orderRoutes } from './routes/orders.ts';
import { periodRoutes } from './routes/periods.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { productRoutes } from './routes/products.ts';
import { storeOperationRoutes } from './routes/store-operations.ts';
import { storeRoutes } from './routes/stores.ts';
import { feedbackInvitationRoutes } from './routes/feedback-invitations.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { timelineRoutes } from './routes/timelines.ts';
import { trafficRoutes } from './routes/traffic.ts';
import { receiveWebhook } from './routes/webhooks.ts';

const importScopes = {
  read: 'sales/deals.read',
  write: 'sales/deals.write',
  via: '/v1/imports/{kind}',
} as const;

const exportScopes = { read: 'sales/deals.read', via: '/v1/exports/{kind}' } as const;

/** What functions/api.ts answers. */
export const apiRoutes = [
  ...accountRoutes,
  ...accountDuplicateRoutes,
  ...accountHealthRoutes,
  ...accountMergeRoutes,
  ...accountAssignmentRoutes,
  ...contactListRoutes,
  ...contactRoutes,
  ...leadListRoutes,
  ...leadRoutes,
  ...leadStepRoutes,
  ...productRoutes,
  ...pipelineRoutes,
  ...activityListRoutes,
  ...activityRoutes,
  ...timelineRoutes,
  ...dealListRoutes,
  ...dealRoutes,
  ...dealStepRoutes,
  ...dealTransferRoutes,
  ...fxRateRoutes,
  ...periodRoutes,
  ...handOverRoutes,
  ...importRoutes(accountImport, importScopes),
  ...importRoutes(productImport, importScopes),
  ...importRoutes(dealImport, importScopes),
  ...importRoutes(contactImport, importScopes),
  ...importRoutes(leadImport, importScopes),
  ...importRoutes(fxRateImport, importScopes),
  ...importRoutes(activityImport, importScopes),
  ...importRoutes(trafficImport, importScopes),
  ...importRoutes(feedbackImport, importScopes),
  ...exportKinds.flatMap((kind) => exportRoutes(kind, exportScopes)),
  ...importRoutes(orderImport, importScopes),
  ...storeRoutes,
  ...trafficRoutes,
  ...feedbackRoutes,
  ...feedbackInvitationRoutes,
  ...storeOperationRoutes,
  ...orderRoutes,
  ...orderDealRoutes,
  ...customerRoutes,
  ...dealsWithoutOrderRoutes,
] as const satisfies readonly AnyRoute[];

/** Everything that this service answers; webhooks have a function of their own. */
export const routes = [...apiRoutes, receiveWebhook] as const satisfies readonly AnyRoute[];
