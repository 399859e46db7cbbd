import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopifyHeaders, shopifyOrder } from '../../infra/local/demo/shopify-order.ts';
import { metricTable } from '../../shared/observability/metric-table.ts';
import { stepsOf } from '../../shared/observability/steps.ts';
import { type LoggedStep, logLines, stepsLike } from '../support/function-log.ts';
import { importCsv } from '../support/import-csv.ts';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';
import { create, salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';

/** `unit: step of what`, in the order of the log. */
const told = (steps: readonly LoggedStep[]): readonly string[] =>
  steps.map(({ unit, message, detailType }) => [`${unit}:`, message, detailType].join(' ').trim());

describe('the way of one chain through the logs', () => {
  let run: LocalRun;
  let sales: SalesOrganization;
  let storeId: string;
  const secret = 'pastapro-web-shop';
  const month = new Date().toISOString().slice(0, 7);
  const dealName = 'Trattoria Bergamotto, yearly supply';
  const customer = 'Ottavia Bellafonte';

  beforeAll(async () => {
    run = await startLocalRun();
    sales = await salesOrganization(run);
    await create(run, '/v1/goals', {
      name: 'Marco’s saffron month',
      scope: `rep:${sales.repId}`,
      kpi: 'wonRevenue',
      period: month,
      target: { amount: 1_000_000, currency: 'USD' },
      milestones: [50, 100],
    });
    storeId = await create(run, '/v1/stores', {
      name: 'PastaPro web shop',
      platform: 'shopify',
      currency: 'USD',
      ownerId: sales.repId,
      secrets: [secret],
    });
    await run.idle();
  });
  afterAll(async () => {
    await run.stop();
  });

  it('is found from the request to the mail by the correlation id that the caller gave', async () => {
    const correlationId = 'erp/2026-11:deal=4711';
    const dealId = await create(run, '/v1/deals', {
      name: dealName,
      ownerId: sales.repId,
      amount: { amount: 1_250_000, currency: 'USD' },
    });
    await run.idle();
    const won = await run.request(
      'POST',
      `/v1/deals/${dealId}/win`,
      {},
      { 'x-correlation-id': correlationId },
    );
    expect(won.status).toBe(200);
    await run.idle();

    const steps = await stepsLike(run, correlationId);
    const seen = told(steps);
    for (const step of [
      'deals-api: Request done',
      'deals-relay: Event relayed DealWon.v1',
      'metrics-facts: Event taken in DealWon.v1',
      'metrics-relay: Event relayed MetricsUpdated.v1',
      'goals-progress: Goal evaluated',
      'goals-progress: Event taken in MetricsUpdated.v1',
      'goals-relay: Event relayed GoalMilestoneReached.v1',
      'goals-alerts: Alert mailed GoalMilestoneReached.v1',
      'goals-alerts: Event taken in GoalMilestoneReached.v1',
      'goals-relay: Event relayed AlertSent.v1',
    ])
      expect(seen).toContain(step);
    expect(steps.find(({ message }) => message === 'Request done')).toMatchObject({
      route: 'POST /v1/deals/{id}/win',
      status: 200,
      subject: dealId,
    });
    expect(steps.find(({ message }) => message === 'Alert mailed')).toMatchObject({ recipients: 2 });
    expect(steps.find(({ detailType }) => detailType === 'DealWon.v1')).toMatchObject({ subject: dealId });
    // Each event names the one that caused it, back to the request, which no event caused.
    const relayed = new Map(
      steps.filter(({ message }) => message === 'Event relayed').map((step) => [step.eventId, step]),
    );
    let event = [...relayed.values()].find(({ detailType }) => detailType === 'AlertSent.v1');
    const back: unknown[] = [];
    for (; event !== undefined; event = relayed.get(event.causationId)) back.push(event.detailType);
    expect(back).toEqual(['AlertSent.v1', 'GoalMilestoneReached.v1', 'MetricsUpdated.v1', 'DealWon.v1']);

    // By the deal's own id the same steps are found, also where its chain had been merged into another.
    const bySubject = told(await stepsLike(run, dealId));
    for (const step of [
      'metrics-relay: Event relayed MetricsUpdated.v1',
      'goals-alerts: Alert mailed GoalMilestoneReached.v1',
    ])
      expect(bySubject).toContain(step);
  });

  it('is found for a store’s order, from the webhook to the goals', async () => {
    const correlationId = 'shop-delivery-1';
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const order = shopifyOrder({
      id: '820982911946154777',
      number: 2077,
      at,
      lines: [{ sku: 'RAV-08', title: 'Ravioli', quantity: 3, price: '89.00' }],
    }).replace(/"number":/, `"customer_note":"${customer}","number":`);
    const answer = await fetch(`${run.url}/v1/webhooks/${storeId}`, {
      method: 'POST',
      headers: { ...shopifyHeaders('orders/paid', order, secret, 'a'), 'x-correlation-id': correlationId },
      body: order,
    });
    expect(answer.status).toBe(200);
    await run.idle();

    const steps = await stepsLike(run, correlationId);
    expect(new Set(told(steps))).toEqual(
      new Set([
        'deals-webhook: Request done',
        'deals-relay: Event relayed DeliveryReceived.v1',
        'deals-commerce: Event taken in DeliveryReceived.v1',
        'deals-relay: Event relayed OrderRecorded.v1',
        'team-audit: Event taken in OrderRecorded.v1',
        'metrics-facts: Event taken in OrderRecorded.v1',
        'metrics-relay: Event relayed MetricsUpdated.v1',
        'goals-progress: Event taken in MetricsUpdated.v1',
      ]),
    );
    expect(steps.filter(({ message }) => message === 'Event taken in')).toSatisfy(
      (taken: readonly LoggedStep[]) =>
        taken.every(({ outcome }) => outcome === 'done' || outcome === 'merged'),
    );
  });

  it('is found for every row of an import, by the id of its request', async () => {
    const names = ['Osteria Tramonto', 'Osteria Vespero', 'Osteria Zenzero'];
    const report = await importCsv(run, 'deals', {
      csv: [
        'externalId,name,owner,amount,stage,startedOn,closedOn',
        ...names.map(
          (name, index) => `row-${String(index)},${name},${sales.repEmail},1000.00,won,2026-01-05,2026-02-05`,
        ),
      ].join('\n'),
      currency: 'USD',
    });
    expect(report).toMatchObject({ status: 'succeeded', errors: [] });
    await run.idle();
    const pages = (await stepsLike(run, 'Import page taken in')).at(-1);
    const steps = await stepsLike(run, pages?.correlationId ?? 'none');
    const rowsIn = (unit: string, message: string): number =>
      new Set(
        steps
          .filter(
            (step) => step.unit === unit && step.message === message && step.subject?.startsWith('deal_'),
          )
          .map(({ subject }) => subject),
      ).size;
    expect(rowsIn('deals-relay', 'Event relayed')).toBe(3);
    expect(rowsIn('metrics-facts', 'Event taken in')).toBe(3);
    expect(told(steps)).toContain('deals-api: Request done');
    expect(told(steps)).toContain('goals-progress: Event taken in MetricsUpdated.v1');
  });

  it('counts only under names of the table, and once what was won', async () => {
    const metrics = (await logLines(run)).filter(({ line }) => '_aws' in line).map(({ line }) => line);
    const names = new Set(
      metrics.flatMap((line) =>
        Object.keys(line).filter((key) => !['_aws', 'service', 'currency'].includes(key)),
      ),
    );
    expect([...names].filter((name) => !(name in metricTable))).toEqual([]);
    const sum = (name: string) =>
      metrics.reduce(
        (total, line) => total + [line[name] ?? 0].flat().reduce((a: number, b) => a + Number(b), 0),
        0,
      );
    expect(sum('DealsWon')).toBe(4);
    expect(sum('OrdersPaid')).toBe(1);
    expect(sum('RevenueClosed')).toBe(12_500 + 3_000 + 267);
    expect(sum('GoalsReached')).toBe(1);
    expect(sum('MilestonesReached')).toBe(2);
    expect(
      metrics.filter(({ service, EndToEndLag }) => service === 'goals' && EndToEndLag !== undefined),
    ).not.toEqual([]);
    expect(sum('ColdStarts')).toBeGreaterThanOrEqual(8);
  });

  it('stands in every line of every function', async () => {
    const lines = (await logLines(run)).filter(({ line }) => !('_aws' in line));
    expect(lines.length).toBeGreaterThan(20);
    const lost = lines.filter(
      ({ line }) =>
        stepsOf(line).length === 0 || stepsOf(line).some((step) => step.correlationId === undefined),
    );
    expect(
      lost.filter(({ line }) => line.correlationId === undefined && line.correlationIds === undefined),
    ).toEqual([]);
  });

  it('tells nobody’s name, address, token or secret', async () => {
    await run.memberToken(sales.repEmail);
    await run.request('GET', `/v1/members?email=${sales.repEmail}`);
    await run.request('GET', `/v1/members/${encodeURIComponent('Marco Bruno')}`);
    const log = await run.functionsLog();
    const [, , signature = 'none'] = (await run.token()).split('.');
    for (const said of [
      'pastapro.example',
      'Giulia',
      'Marco',
      'Conti',
      'Bergamotto',
      'saffron',
      'Osteria',
      customer,
      secret,
      signature,
      'Bearer',
    ])
      expect(log).not.toContain(said);
  });
});
