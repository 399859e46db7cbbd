import { importWorker } from '../../../shared/imports/worker.ts';
import { accountImportHandler } from '../imports/accounts.ts';
import { activityImportHandler } from '../imports/activities.ts';
import { feedbackImportHandler } from '../imports/feedback.ts';
import { trafficImportHandler } from '../imports/traffic.ts';
import { contactImportHandler } from '../imports/contacts.ts';
import { leadImportHandler } from '../imports/leads.ts';
import { dealImportHandler } from '../imports/deals.ts';
import { fxRateImportHandler } from '../imports/fx-rates.ts';
import { orderImportHandler } from '../imports/orders.ts';
import { productImportHandler } from '../imports/products.ts';
import { dealsImports, dealsTable } from '../store.ts';
import { imports } from '../subscriptions.ts';

const table = dealsTable(process.env);

export const handler = importWorker({
  subscription: imports,
  storage: dealsImports(process.env, table),
  handlers: [
    accountImportHandler(table),
    productImportHandler(table),
    dealImportHandler(table),
    contactImportHandler(table),
    leadImportHandler(table),
    fxRateImportHandler(table),
    activityImportHandler(table),
    trafficImportHandler(table),
    feedbackImportHandler(table),
    orderImportHandler(table),
  ],
});
