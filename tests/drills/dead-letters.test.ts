import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { salesOrganization, winDeal } from '../support/sales-organization.ts';
import { Drill } from './drill.ts';

/** One type of event for each subscription; whatever it says, this data is nothing that a consumer can read. */
const UNREADABLE = [
  ['team', 'TeamImportAdvanced.v1'],
  ['team', 'MemberAdded.v1'],
  ['team', 'AgendaRequested.v1'],
  ['team', 'KpisRequested.v1'],
  ['deals', 'DeliveryReceived.v1'],
  ['deals', 'ImportAdvanced.v1'],
  ['deals', 'DealWon.v1'],
  ['metrics', 'MetricsUpdated.v1'],
  ['goals', 'GoalMilestoneReached.v1'],
] as const;

/** A partner's, which no contract tells. */
const UNREADABLE_PARTNER = { source: 'aws.partner/shopify.com/1/quotaline', detailType: 'shopifyWebhook' };

describe('dead letters', () => {
  let drill: Drill;
  let folder: string;
  let dealId: string;
  let alarms: readonly string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quotaline-drill-'));
    drill = await Drill.start();
    alarms = await drill.alarms('dead-letters');
  });
  afterAll(async () => {
    await drill.run.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const queues = () => alarms.map((alarm) => alarm.replace(/-dead-letters$/, ''));

  it('raise the alarm of every queue: some hold what nobody can read, one what failed by a fault', async () => {
    const sales = await salesOrganization(drill.run);
    await drill.fault({ function: 'metrics-facts', fault: 'error' });
    dealId = await winDeal(drill.run, sales.repId, 'Trattoria Roma', 50_000);
    const metadata = { id: 'evt_unreadable', subject: 'deal_unreadable', correlationId: 'cor-unreadable' };
    await drill.run.events([
      ...UNREADABLE.map(([service, detailType]) => ({
        source: `quotaline.${service}`,
        detailType,
        detail: { metadata, data: {} },
      })),
      { ...UNREADABLE_PARTNER, detail: { metadata } },
    ]);
    await drill.run.idle(150);
    await drill.minutes(1);
    expect(await drill.raised()).toEqual(expect.arrayContaining([...alarms]));
    expect(await drill.runbooks()).toMatchObject(
      Object.fromEntries(alarms.map((alarm) => [alarm, 'dead-letters.md'])),
    );
  });

  it('are shown by the runbook’s commands; those that nobody can read are dropped, after a copy was kept', async () => {
    const list = await drill.follow('dead-letters', 'dead-letters list');
    for (const queue of queues()) expect(list).toMatch(new RegExp(`${queue} +[1-9]`));
    expect(await drill.follow('dead-letters', 'dead-letters show', { queue: 'metrics-facts' })).toContain(
      'deal_unreadable',
    );
    expect(await drill.follow('dead-letters', 'trace', { id: dealId })).toContain('Event relayed');
    for (const queue of queues())
      await drill.follow('dead-letters', 'dead-letters drop --apply', {
        queue,
        id: 'evt_unreadable',
        folder,
      });
    await drill.minutes(1);
    const raised = await drill.raised();
    expect(raised.filter((alarm) => alarms.includes(alarm))).toEqual(['metrics-facts-dead-letters']);
  });

  it('are put back once their cause is gone, and then they count', async () => {
    await drill.fault({ function: 'metrics-facts', fault: null });
    await drill.follow('dead-letters', 'dead-letters redrive --apply', { queue: 'metrics-facts' });
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).not.toContain('metrics-facts-dead-letters');
    const { body } = await drill.run.request(
      'GET',
      `/v1/metrics?scope=org&period=${new Date().toISOString().slice(0, 4)}&kpis=wonDeals`,
    );
    expect(body).toMatchObject({ kpis: { wonDeals: { value: 1 } } });
  });
});
