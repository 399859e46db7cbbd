import { shopifyHeaders, shopifyOrder } from '../../infra/local/demo/shopify-order.ts';
import { importCsv } from '../support/import-csv.ts';
import type { LocalRun } from '../support/local-run.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';

const SECRET = 'pastapro-web-shop';

/** A shop that sends its orders; answers its store’s id. */
export const shop = (run: LocalRun, { repId }: SalesOrganization): Promise<string> =>
  create(run, '/v1/stores', {
    name: 'PastaPro web shop',
    platform: 'shopify',
    currency: 'USD',
    ownerId: repId,
    secrets: [SECRET],
  });

/** One delivery of the shop; signed with its secret unless given another. Answers the status. */
export const deliver = async (
  run: LocalRun,
  storeId: string,
  { id, body, secret = SECRET }: { readonly id: string; readonly body: string; readonly secret?: string },
): Promise<number> => {
  const headers = shopifyHeaders('orders/paid', body, secret, id);
  return (await fetch(`${run.url}/v1/webhooks/${storeId}`, { method: 'POST', headers, body })).status;
};

export const pastaOrder = (number: number): string =>
  shopifyOrder({
    id: `82098291194615${String(number)}`,
    number,
    at: new Date(Date.now() - 3_600_000).toISOString(),
    lines: [{ sku: 'RAV-08', title: 'Ravioli ricotta, 8 × 1 kg', quantity: 3, price: '89.00' }],
  });

/**
 * Lets happen what puts at least one message into every queue: imports, an order, a win, a milestone with its mail, and a
 * meeting that asks what to talk about.
 */
export const everyKindOfEvent = async (run: LocalRun): Promise<SalesOrganization> => {
  const sales = await salesOrganization(run);
  await importCsv(run, 'members', {
    csv: 'name,email,team\nLuca Neri,luca.neri@pastapro.example,Northeast\n',
  });
  await run.idle();
  await create(run, '/v1/goals', {
    name: 'Pasta month',
    scope: 'org',
    kpi: 'wonRevenue',
    period: new Date().toISOString().slice(0, 7),
    target: { amount: 1_000_000, currency: 'USD' },
    milestones: [50, 100],
  });
  await winDeal(run, sales.repId, 'Trattoria Roma, yearly supply', 1_250_000);
  await importCsv(run, 'products', {
    csv: 'name,sku,listPrice\nLasagne sheets,LAS-12,46.80\n',
    currency: 'USD',
  });
  await create(run, '/v1/meetings', {
    teamId: sales.teamId,
    title: 'Monday round',
    startsAt: new Date().toISOString(),
  });
  await deliver(run, await shop(run, sales), { id: 'first', body: pastaOrder(2001) });
  await run.events([
    {
      source: 'aws.partner/shopify.com/1/quotaline',
      detailType: 'shopifyWebhook',
      detail: { payload: { id: 1 }, metadata: { 'X-Shopify-Topic': 'customers/update' } },
    },
  ]);
  await run.idle();
  return sales;
};
