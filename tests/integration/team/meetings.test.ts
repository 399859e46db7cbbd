import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takingGoalsAtRisk, takingRottingDeals } from '../../../services/team/briefings/meeting-agenda.ts';
import { takingKpis } from '../../../services/team/briefings/take-kpis.ts';
import { GoalsAtRiskListed, KpisMeasured, RottingDealsListed } from '../../../shared/events/briefings.ts';
import { dataOf, type LedTeam, startLedTeam } from './led-team.ts';

let team: LedTeam;
beforeAll(async () => {
  team = await startLedTeam();
});
afterAll(async () => {
  await team.stop();
});

const set = async (body: object = {}): Promise<string> => {
  const answer = await team.as('giulia', 'POST', '/v1/meetings', {
    teamId: team.east,
    title: 'Monday round',
    startsAt: '2026-11-30T08:00:00Z',
    ...body,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return `/v1/meetings/${String(answer.body.id)}`;
};
const status = async (...call: Parameters<LedTeam['as']>) => (await team.as(...call)).status;
const preparedOf = async (path: string, who: 'giulia' | 'ada' | 'bob' = 'giulia') =>
  (await team.as(who, 'GET', path)).body.prepared as Readonly<Record<string, { items: { text: string }[] }>>;

const asOf = '2026-11-23T09:31:00Z';
const asked = async () => {
  const events = await team.events();
  const [agenda] = dataOf(events, 'AgendaRequested.v1');
  const [kpis] = dataOf(events, 'KpisRequested.v1');
  return { requestId: String(agenda?.id), meetingId: String(agenda?.meetingId), agenda, kpis };
};
type Asked = Awaited<ReturnType<typeof asked>>;
const numbers = async ({ kpis, requestId }: Asked) => {
  const { id: _id, kpis: _kpis, ...question } = kpis ?? {};
  const wonDeals = { value: 3, unit: 'count', numerator: 3, denominator: 1, n: 3 };
  const data = { requestId, ...question, asOf, kpis: { wonDeals } };
  return takingKpis(team.table)(team.message(KpisMeasured, data));
};
const goals = async ({ requestId, meetingId }: Asked) =>
  takingGoalsAtRisk(team.table)(team.message(GoalsAtRiskListed, { requestId, meetingId, asOf, goals: [] }));
const deals = async ({ requestId, meetingId }: Asked) =>
  takingRottingDeals(team.table)(team.message(RottingDealsListed, { requestId, meetingId, asOf, deals: [] }));

describe('the prepared agenda', () => {
  it('asks the other services when the meeting is set, and shows each part once its answer has come', async () => {
    const path = await set();
    const question = await asked();
    expect(question.agenda).toMatchObject({ teamId: team.east, from: '2026-11-01', to: '2026-12-01' });
    expect(question.kpis).toMatchObject({
      id: question.requestId,
      scope: `team:${team.east}`,
      kpis: ['wonRevenue', 'wonDeals', 'winRate', 'openDeals'],
    });
    expect(Object.keys(await preparedOf(path))).toEqual(['openActions']);
    expect(await deals(question)).toBe('done');
    expect(await deals(question)).toBe('duplicate');
    expect(await preparedOf(path)).toMatchObject({ rottingDeals: { items: [] } });
    // All at once: they meet at one item.
    expect(await Promise.all([numbers(question), goals(question)])).toEqual(['done', 'done']);
    expect(await preparedOf(path)).toMatchObject({
      numbers: { kpis: { wonDeals: { value: 3 } } },
      goalsAtRisk: { items: [] },
    });

    expect(await status('giulia', 'POST', `${path}/prepare`)).toBe(202);
    expect(Object.keys(await preparedOf(path))).toEqual(['openActions']);
    expect(await goals(question)).toBe('stale');
    expect(await goals(await asked())).toBe('done');
  });

  it('lists what is open from earlier meetings, and from the coaching that the reader may see', async () => {
    const action = (text: string, dueOn: string) => ({ text, dueOn, ownerId: team.ids.ada });
    const earlier = await set({
      startsAt: '2026-11-16T08:00:00Z',
      actions: [action('Call the hotels', '2026-11-20'), action('Print the lists', '2026-11-18')],
    });
    const { body } = await team.as('giulia', 'GET', earlier);
    const done = (body.actions as { id: string }[])[1]?.id;
    expect(await status('ada', 'POST', `${earlier}/actions/${String(done)}/done`)).toBe(200);
    await team.as('giulia', 'POST', '/v1/coaching-sessions', {
      memberId: team.ids.ada,
      heldOn: '2026-11-20',
      focusKpi: 'winRate',
      actions: [action('Ask who decides', '2026-12-01')],
    });
    const path = await set({ startsAt: '2026-12-07T08:00:00Z', actions: [action('New', '2026-12-10')] });
    const open = async (who: 'giulia' | 'ada' | 'bob') =>
      (await preparedOf(path, who)).openActions?.items.map(({ text }) => text);
    expect(await open('giulia')).toEqual(['Call the hotels', 'Ask who decides']);
    expect(await open('ada')).toEqual(['Call the hotels', 'Ask who decides']);
    expect(await open('bob')).toEqual(['Call the hotels']);
  });
});

describe('who may what', () => {
  it('the team and who attends see a meeting; whoever manages the team and admins keep it', async () => {
    const path = await set({ attendeeIds: [team.ids.carl] });
    const seen = await Promise.all(
      (['ada', 'carl', 'giulia', 'ines', 'lena'] as const).map(async (who) => status(who, 'GET', path)),
    );
    expect(seen).toEqual([200, 200, 200, 200, 404]);
    const patch = { decisions: ['Hotels first'] };
    const changed = await Promise.all(
      (['ada', 'carl', 'lena'] as const).map(async (who) =>
        status(who, 'PATCH', path, patch, { 'if-match': '"99"' }),
      ),
    );
    expect(changed).toEqual([403, 403, 404]);
    expect(await status('giulia', 'PATCH', path, patch, { 'if-match': '"99"' })).toBe(412);
    expect(await status('ines', 'PATCH', path, patch)).toBe(200);
    expect(await status('ada', 'POST', `${path}/prepare`)).toBe(403);
    const listed = async (who: 'carl' | 'lena' | 'ada', query: string) => {
      const { body } = await team.as(who, 'GET', `/v1/meetings?${query}`);
      return (body.items as { id: string }[]).some(({ id }) => path.endsWith(id));
    };
    expect(await listed('carl', 'from=2026-11-30&to=2026-11-30')).toBe(true);
    expect(await listed('carl', 'from=2026-12-01')).toBe(false);
    expect(await listed('ada', `teamId=${team.east}`)).toBe(true);
    expect(await listed('lena', `teamId=${team.east}`)).toBe(false);
  });

  it('a meeting opens no deals, goals, numbers or actions to who may not see them elsewhere', async () => {
    const { ada, bob, carl } = team.ids;
    await set({
      title: 'Earlier round',
      startsAt: '2026-11-28T08:00:00Z',
      actions: [{ text: 'Ask the hotels', ownerId: ada, dueOn: '2026-12-02' }],
    });
    await team.events();
    const path = await set({ title: 'Round with a guest', attendeeIds: [carl] });
    const question = await asked();
    const { requestId, meetingId } = question;
    await numbers(question);
    const deal = (ownerId: string) => ({
      id: `deal_${ownerId.slice(4)}`,
      name: 'Stuck',
      ownerId,
      amount: { amount: 100, currency: 'USD' },
      stage: 'proposal',
      days: 30,
    });
    const rotting = { requestId, meetingId, asOf, deals: [deal(ada), deal(bob)] };
    await takingRottingDeals(team.table)(team.message(RottingDealsListed, rotting));
    const goal = (scope: string) => ({
      id: `goal_${scope.slice(-26)}`,
      name: 'Month',
      kpi: 'wonDeals',
      scope,
      percent: 10,
      paceStatus: 'behind',
      target: 10,
      value: 1,
    });
    const listed = { requestId, meetingId, asOf, goals: [goal(`team:${team.east}`), goal(`rep:${bob}`)] };
    await takingGoalsAtRisk(team.table)(team.message(GoalsAtRiskListed, listed));

    const seen = async (who: 'giulia' | 'ada' | 'carl', from = path) => {
      const { prepared } = (await team.as(who, 'GET', from)).body as { prepared: Record<string, object> };
      const countIn = (part: string) => (prepared[part] as { items?: unknown[] } | undefined)?.items?.length;
      const [deals, goals] = [countIn('rottingDeals'), countIn('goalsAtRisk')];
      const open = JSON.stringify(prepared.openActions).includes('Ask the hotels');
      return { numbers: 'numbers' in prepared, deals, goals, open };
    };
    expect(await seen('giulia')).toEqual({ numbers: true, deals: 2, goals: 2, open: true });
    expect(await seen('ada')).toEqual({ numbers: true, deals: 1, goals: 2, open: true });
    expect(await seen('carl')).toEqual({ numbers: false, deals: 0, goals: 0, open: false });
    const { body } = await team.as('carl', 'GET', '/v1/meetings');
    expect(JSON.stringify(body)).not.toContain('Stuck');
  });

  it('nobody sets meetings of another team, or with people who are not there', async () => {
    const body = { teamId: team.east, title: 'Round', startsAt: '2026-11-30T08:00:00Z' };
    expect(await status('lena', 'POST', '/v1/meetings', body)).toBe(404);
    expect(await status('ada', 'POST', '/v1/meetings', body)).toBe(403);
    const nobody = 'mem_01JDB0PASTAPR0000000000XXX';
    const wrong = { ...body, attendeeIds: [nobody], actions: [] };
    expect(await status('giulia', 'POST', '/v1/meetings', wrong)).toBe(422);
    expect(await status('giulia', 'POST', '/v1/meetings', { ...body, startsAt: 'Monday' })).toBe(400);
    expect(await status('giulia', 'POST', '/v1/meetings', { ...body, mood: 'good' })).toBe(400);
  });

  it('no event carries what was said', async () => {
    await team.events();
    await set({ notes: 'Prices rise in January.' });
    expect(JSON.stringify(await team.events())).not.toContain('Prices rise');
  });
});
