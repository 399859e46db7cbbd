import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MailRefused } from '../../../services/goals/alerts/mailer.ts';
import { goalsEvents } from '../../../services/goals/events.ts';
import { busEventOf, outboxItemOf } from '../../../shared/events/stream-record.ts';
import type { Mover } from '../../../shared/events/metrics.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { streamRecords } from '../../support/stream.ts';
import { memberId } from '../../unit/goals/goal.fixture.ts';
import { bucket, type SalesService, salesService } from './sales.fixture.ts';

let dynoxide: Dynoxide;
let sales: SalesService;
let goalId: string;

beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(() => dynoxide.stop());

const marco = memberId('Marco');
const deal = (change: Mover['change'], wonRevenue: number): Mover => ({
  kind: 'deal',
  id: 'deal_1',
  name: 'Trattoria Roma, yearly supply',
  change,
  wonRevenue,
});
const won = bucket(1, { wonRevenue: 1_250_000, wonDeals: 1 }, { movers: [deal('won', 1_250_000)] });
const refunded = bucket(2, { wonRevenue: 800_000, wonDeals: 1 }, { movers: [deal('refunded', -450_000)] });

const alerts = async () =>
  (await sales.alertsOf(goalId)).map(({ id, direction, milestones, state }) => ({
    id,
    direction,
    milestones,
    state,
  }));
const pending = async () => (await alerts()).filter(({ state }) => state === 'pending').map(({ id }) => id);
const deliverPending = async () => {
  for (const id of await pending()) await sales.deliver(id);
};

beforeEach(async () => {
  sales = await salesService(await dynoxide.table());
  const { status, body } = await sales.call('POST', '/v1/goals', {
    name: 'Marco’s pasta month',
    scope: `rep:${marco}`,
    kpi: 'wonRevenue',
    period: '2026-11',
    target: { amount: 1_000_000, currency: 'USD' },
    milestones: [50, 75, 100],
  });
  expect(status).toBe(201);
  goalId = String(body.id);
});

test('a crossing is counted and told once, with the alert and whose doing it was', async () => {
  await sales.keep(won);
  await sales.keep(won);
  expect(sales.metrics.counts).toEqual({ MilestonesReached: 3, GoalsReached: 1 });
  const [alert] = await sales.alertsOf(goalId);
  expect(sales.lines).toMatchObject([
    {
      message: 'Goal evaluated',
      correlationId: 'corr-1',
      subject: goalId,
      outcome: 'reached',
      milestones: [50, 75, 100],
      about: [alert?.id, ...(alert?.movers ?? []).map(({ id }) => id)],
    },
  ]);
});

test('each event of a batch has its outcome: kept, taken along by a newer one, or known', async () => {
  const later = bucket(2, { wonRevenue: 1_260_000, wonDeals: 2 });
  expect(await sales.keep(won, later)).toEqual({ outcomes: ['merged', 'done'] });
  expect(await sales.keep(later, won)).toEqual({ outcomes: ['duplicate', 'stale'] });
});

describe('a jump over several milestones', () => {
  test('is one entry in the ledger, and one mail to each whom it concerns', async () => {
    await sales.keep(won);
    await deliverPending();
    expect(await alerts()).toMatchObject([
      { direction: 'reached', milestones: [50, 75, 100], state: 'sent' },
    ]);
    expect(sales.mails.map(({ to }) => to)).toEqual(['giulia@pastapro.example', 'marco@pastapro.example']);
    expect(sales.mails[0]?.subject).toBe(
      'Marco’s pasta month: 50, 75 and 100 % reached — $12,500 of $10,000',
    );
    expect(sales.mails[0]?.text).toContain('Trattoria Roma, yearly supply (deal won)  +$12,500');
    const [ledger] = await sales.alertsOf(goalId);
    expect(ledger?.recipients).toMatchObject([
      { role: 'manager', state: 'sent', messageId: 'ses-1', attempts: 1 },
      { role: 'owner', state: 'sent', messageId: 'ses-2', attempts: 1 },
    ]);
  });

  test('that comes again crosses nothing and mails nobody', async () => {
    await sales.keep(won, won);
    await deliverPending();
    const [first] = await alerts();
    await sales.keep(won);
    await sales.deliver(String(first?.id));
    expect(await alerts()).toHaveLength(1);
    expect(sales.mails).toHaveLength(2);
  });

  test('that two consumers see at once is still one', async () => {
    await Promise.all([
      sales.keep(won),
      sales.keep(won),
      sales.keep(bucket(2, { wonRevenue: 1_260_000, wonDeals: 2 })),
    ]);
    expect(await alerts()).toHaveLength(1);
  });
});

describe('a refund below a milestone', () => {
  test('sends one correction that names the cause, and reaching it anew is news', async () => {
    await sales.keep(won);
    await deliverPending();
    await sales.keep(refunded);
    await sales.keep(refunded);
    await deliverPending();
    expect(sales.mails).toHaveLength(4);
    expect(sales.mails[3]?.subject).toBe(
      'Correction, Marco’s pasta month: back below 100 % — $8,000 of $10,000',
    );
    expect(sales.mails[3]?.text).toContain('Trattoria Roma, yearly supply (deal refunded)  −$4,500');
    await sales.keep(bucket(3, { wonRevenue: 1_000_000, wonDeals: 2 }));
    await deliverPending();
    expect((await alerts()).map(({ direction, milestones }) => [direction, milestones])).toEqual(
      expect.arrayContaining([
        ['reached', [50, 75, 100]],
        ['reverted', [100]],
        ['reached', [100]],
      ]),
    );
    expect(sales.mails).toHaveLength(6);
  });

  test('whose news overtakes that of the win crosses only what stands in the end', async () => {
    await sales.keep(refunded);
    await sales.keep(won);
    expect(await alerts()).toMatchObject([{ direction: 'reached', milestones: [50, 75] }]);
  });
});

test('numbers that consumers keep at once, in any order, leave standing what the newest have reached', async () => {
  const values = [300_000, 900_000, 1_200_000, 400_000, 800_000, 600_000];
  const messages = values.map((wonRevenue, index) => bucket(index + 1, { wonRevenue }));
  const shuffled = [3, 0, 5, 1, 4, 2].flatMap((index) => messages[index] ?? []);
  await Promise.all(shuffled.map(async (message) => sales.keep(message)));
  const goal = await sales.store.goals.get(goalId);
  expect(goal.standing.map(({ milestone }) => milestone)).toEqual([50]);
});

test('the relay publishes crossings with goal and movers, and what was mailed to whom', async () => {
  const table = await dynoxide.table();
  sales = await salesService(table);
  const { body } = await sales.call('POST', '/v1/goals', {
    name: 'Month',
    scope: `rep:${marco}`,
    kpi: 'wonRevenue',
    period: '2026-11',
    target: { amount: 1_000_000, currency: 'USD' },
  });
  goalId = String(body.id);
  await sales.keep(won);
  await deliverPending();
  const records = await streamRecords(dynoxide, table.name);
  const events = records.flatMap((record) => {
    const item = outboxItemOf(record);
    return item?.outbox.map((entry) => busEventOf(item, entry, goalsEvents)) ?? [];
  });
  expect(events.map(({ detailType }) => detailType)).toEqual([
    'GoalCreated.v1',
    'GoalMilestoneReached.v1',
    'AlertSent.v1',
  ]);
  expect(events[1]?.detail).toMatchObject({
    metadata: { subject: goalId, version: 2, correlationId: 'corr-1' },
    data: {
      milestones: [25, 50, 75, 100],
      percent: 125,
      goal: { id: goalId, milestones: [25, 50, 75, 100] },
    },
  });
  expect(events[2]?.detail.data).toMatchObject({ goalId, recipientIds: [memberId('Giulia'), marco] });
});

describe('a mail that does not go out', () => {
  test('after a crash between the ledger and SES goes out on the retry', async () => {
    await sales.keep(won);
    const [id = ''] = await pending();
    const died = new Error('the process died');
    // The claim is written; whoever held it never comes back to give it up.
    const crash = sales.deliver(id, () => new Promise(() => undefined));
    await expect(Promise.race([crash, untilClaimed(id).then(() => Promise.reject(died))])).rejects.toBe(died);
    await expect(sales.deliver(id)).rejects.toThrow('on their way');
    sales.time.now = Instant.parse('2026-11-16T00:03:00Z');
    await sales.deliver(id);
    await sales.deliver(id);
    expect(sales.mails).toHaveLength(2);
    const [ledger] = await sales.alertsOf(goalId);
    expect(ledger?.recipients.map(({ attempts }) => attempts)).toEqual([2, 2]);
  });

  test('for a passing reason is tried again at once, and those that went out are not', async () => {
    await sales.keep(won);
    const [id = ''] = await pending();
    await expect(
      sales.deliver(id, async (mail) => {
        if (mail.to.startsWith('marco')) throw new Error('Throttled');
        return sales.inbox(mail);
      }),
    ).rejects.toThrow('Throttled');
    await sales.deliver(id);
    expect(sales.mails.map(({ to }) => to)).toEqual(['giulia@pastapro.example', 'marco@pastapro.example']);
  });

  test('for good is in the ledger with its reason, and the others get theirs', async () => {
    await sales.keep(won);
    const [id = ''] = await pending();
    await sales.deliver(id, async (mail) => {
      if (mail.to.startsWith('giulia')) throw new MailRefused('MessageRejected: (address) is not verified');
      return sales.inbox(mail);
    });
    const [ledger] = await sales.alertsOf(goalId);
    expect(ledger).toMatchObject({
      state: 'failed',
      recipients: [
        { state: 'failed', reason: 'MessageRejected: (address) is not verified' },
        { state: 'sent' },
      ],
    });
  });

  const untilClaimed = async (id: string): Promise<void> => {
    while ((await sales.store.alerts.get(id)).state !== 'sending')
      await new Promise((resolve) => setImmediate(resolve));
  };
});
