import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { shopifyHeaders, shopifyOrder } from '../../infra/local/demo/shopify-order.ts';
import { localClients } from '../../infra/ops/aws-clients.ts';
import { bucketKey } from '../../services/metrics/store/keys.ts';
import { Day, instantFrom } from '../../shared/time/instant.ts';
import { dayOf } from '../../shared/time/zone.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { operate, operated } from '../support/operator.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';

const Progress = z.object({ value: z.number().nullable() });
const Reconciled = z.object({
  deliveries: z.record(z.string(), z.number()),
  orders: z.object({ made: z.number(), changed: z.number(), unchanged: z.number() }),
});

describe('an operator mends what went wrong', () => {
  let run: LocalRun;
  let sales: SalesOrganization;
  let goalId: string;
  let dealId: string;
  let storeId: string;
  const secret = 'pastapro-web-shop';
  const month = new Date().toISOString().slice(0, 7);

  const progress = async () =>
    Progress.parse((await run.request('GET', `/v1/goals/${goalId}/progress`)).body).value;
  const documents = () => DynamoDBDocumentClient.from(localClients(run.url).dynamodb);
  const deliver = async (body: string, id: string) => {
    const headers = shopifyHeaders('orders/paid', body, secret, id);
    const answer = await fetch(`${run.url}/v1/webhooks/${storeId}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
  };

  beforeAll(async () => {
    run = await startLocalRun();
    sales = await salesOrganization(run);
    goalId = await create(run, '/v1/goals', {
      name: 'Marco’s pasta month',
      scope: `rep:${sales.repId}`,
      kpi: 'wonRevenue',
      period: month,
      target: { amount: 10_000_000, currency: 'USD' },
      milestones: [50, 100],
    });
    dealId = await winDeal(run, sales.repId, 'Trattoria Roma', 300_000);
    storeId = await create(run, '/v1/stores', {
      name: 'PastaPro web shop',
      platform: 'shopify',
      currency: 'USD',
      secrets: [secret],
    });
    await run.idle();
  });
  afterAll(async () => {
    await run.stop();
  });

  it('finds a damaged bucket, mends it, and goals are right again', async () => {
    expect(await progress()).toBe(300_000);
    const day = Day.parse(dayOf(instantFrom(Date.now()), 'America/New_York'));
    await documents().send(
      new UpdateCommand({
        TableName: 'quotaline-dev-metrics',
        Key: bucketKey({ dimension: 'rep', key: sales.repId, day, shard: 0 }),
        UpdateExpression: 'ADD #revenue :much, #version :one',
        ExpressionAttributeNames: { '#revenue': 'c.wonRevenue', '#version': 'version' },
        ExpressionAttributeValues: { ':much': 77_000_000, ':one': 1 },
      }),
    );
    await operated(run, `republish bucket:rep:${sales.repId}#${day}#0 --apply`);
    await run.idle();
    expect(await progress()).toBe(77_300_000);

    const running = await operate(run, 'rebuild metrics');
    expect(running.code).toBe(1);
    expect(running.err).toContain('pause metrics --only consumers');

    await operated(run, 'pause metrics --only consumers --apply');
    const dryRun = await operate(run, 'rebuild metrics');
    expect(dryRun.code).toBe(1);
    expect(dryRun.out).toContain('1 differing');
    expect(dryRun.out).toContain('c.wonRevenue 77300000, should be 300000');
    expect(await operated(run, 'rebuild metrics --apply')).toContain('1 differing');
    expect(await operated(run, 'rebuild metrics')).toContain('0 differing');
    await operated(run, 'resume metrics --only consumers --apply');
    await run.idle();
    expect(await progress()).toBe(300_000);
  });

  it('tells a deal again to a consumer that lost its fact', async () => {
    const gone = { pk: `fact#${dealId}`, sk: 'state' };
    await documents().send(new DeleteCommand({ TableName: 'quotaline-dev-metrics', Key: gone }));
    await operated(run, 'pause metrics --only consumers --apply');
    await operated(run, 'rebuild metrics --apply');
    await operated(run, 'resume metrics --only consumers --apply');
    await run.idle();
    expect(await progress()).toBe(0);
    expect(await operated(run, `republish ${dealId} --apply`)).toContain(
      'heard by team-audit, deals-commerce, metrics-facts',
    );
    await run.idle();
    expect(await progress()).toBe(300_000);
  });

  it('carries a store’s deliveries out again, and what is right stays as it is', async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const line = { sku: 'RAV-08', title: 'Ravioli ricotta', quantity: 1, price: '89.00' };
    for (const number of [1, 2, 3])
      await deliver(
        shopifyOrder({ id: `82098291194615460${number}`, number, at, lines: [line] }),
        `${number}`,
      );
    await run.idle();
    const [one] = z
      .object({ items: z.array(z.object({ id: z.string() })) })
      .parse((await run.request('GET', `/v1/orders?storeId=${storeId}`)).body).items;
    await documents().send(
      new DeleteCommand({
        TableName: 'quotaline-dev-deals',
        Key: { pk: `order#${one?.id ?? ''}`, sk: 'state' },
      }),
    );

    expect(await operated(run, `reconcile ${storeId}`)).toContain(
      'Would carry out 3 deliveries of ' + storeId + ' again; as they stand: 3 processed',
    );
    const again = Reconciled.parse(JSON.parse(await operated(run, `reconcile ${storeId} --apply --json`)));
    expect(again).toEqual({ deliveries: { processed: 3 }, orders: { made: 1, changed: 0, unchanged: 2 } });
    const repeated = Reconciled.parse(JSON.parse(await operated(run, `reconcile ${storeId} --apply --json`)));
    expect(repeated.orders).toEqual({ made: 0, changed: 0, unchanged: 3 });
    expect(await run.deadLetters()).toEqual([]);
  });

  it('names the stores there are to whoever mistypes one', async () => {
    const unknown = await operate(run, 'reconcile store_01JDB0PASTAPR0000000000001');
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain(`${storeId}  PastaPro web shop`);
    expect((await operate(run, 'reconcile shop')).code).toBe(2);
  });
});
