import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askingDaily } from '../../../services/team/briefings/daily-questions.ts';
import { takingKpis } from '../../../services/team/briefings/take-kpis.ts';
import { KpisMeasured } from '../../../shared/events/briefings.ts';
import { DayBegan } from '../../../shared/events/team.ts';
import { dataOf, type LedTeam, startLedTeam } from './led-team.ts';

let team: LedTeam;
beforeAll(async () => {
  team = await startLedTeam();
});
afterAll(async () => {
  await team.stop();
});

const winRate = { value: 0.4, unit: 'ratio', numerator: 4, denominator: 10, n: 10 };

const sessionOf = (body: object = {}) => ({
  memberId: team.ids.ada,
  heldOn: '2026-11-20',
  focusKpi: 'winRate',
  notes: 'Offers go out before it is known who decides.',
  ...body,
});

const logged = async (body: object = {}): Promise<string> => {
  const answer = await team.as('giulia', 'POST', '/v1/coaching-sessions', sessionOf(body));
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(answer.body.id);
};

const questionsOf = async () => dataOf(await team.events(), 'KpisRequested.v1');
const answer = async (question: object | undefined, value: number | null = 0.4) => {
  const { id, kpis: _asked, ...rest } = question as { id: string; kpis: string[] };
  const data = {
    requestId: id,
    ...rest,
    asOf: '2026-11-23T09:31:00Z',
    kpis: { winRate: { ...winRate, value } },
  };
  return takingKpis(team.table)(team.message(KpisMeasured, data, id));
};
const dayBegins = async (day: string) => askingDaily(team.table)(team.message(DayBegan, { day }, 'day'));
const effectOf = async (id: string) =>
  (await team.as('giulia', 'GET', `/v1/coaching-sessions/${id}`)).body.effect;

describe('the effect of a session', () => {
  it('is the focus KPI of the 30 days before, asked at once, and of the 30 days after, asked when they are over', async () => {
    await questionsOf();
    const id = await logged();
    const [before, ...more] = await questionsOf();
    expect(more).toEqual([]);
    expect(before).toMatchObject({
      scope: `rep:${team.ids.ada}`,
      kpis: ['winRate'],
      from: '2026-10-21',
      to: '2026-11-20',
      purpose: { kind: 'coaching', id, part: 'before' },
    });
    expect(await answer(before)).toBe('done');
    expect(await answer(before)).toBe('duplicate');
    expect(await effectOf(id)).toMatchObject({ before: { value: 0.4, from: '2026-10-21' } });

    expect(await dayBegins('2026-12-19')).toBe('irrelevant');
    expect(await questionsOf()).toEqual([]);
    // The day on which it would have been due was missed.
    expect(await dayBegins('2026-12-23')).toBe('done');
    const [after] = await questionsOf();
    expect(after).toMatchObject({ from: '2026-11-20', to: '2026-12-20', purpose: { part: 'after' } });
    expect(await dayBegins('2026-12-23')).toBe('irrelevant');
    expect(await questionsOf()).toEqual([]);
    expect(await answer(after, 0.5)).toBe('done');
    expect(await effectOf(id)).toMatchObject({ before: { value: 0.4 }, after: { value: 0.5 } });
  });

  it('is asked for whole where a session is recorded late, and takes answers in any order', async () => {
    const id = await logged({ heldOn: '2026-10-01' });
    const [before, after] = await questionsOf();
    expect(await answer(after, 0.6)).toBe('done');
    expect(await answer(before, null)).toBe('done');
    expect(await effectOf(id)).toMatchObject({ before: { value: null }, after: { value: 0.6 } });
    expect(await dayBegins('2026-12-24')).toBe('irrelevant');
  });

  it('is measured anew with another day, and answers to the former question come too late', async () => {
    const id = await logged();
    const [former] = await questionsOf();
    const path = `/v1/coaching-sessions/${id}`;
    const moved = await team.as('giulia', 'PATCH', path, { heldOn: '2026-11-18' });
    expect(moved).toMatchObject({ status: 200, body: { heldOn: '2026-11-18', effect: {} } });
    const [next] = await questionsOf();
    expect(await answer(next, 0.3)).toBe('done');
    expect(await answer(former, 0.9)).toBe('stale');
    expect(await effectOf(id)).toMatchObject({ before: { value: 0.3, to: '2026-11-18' } });
    // Both days are marked as due; the session asks once.
    expect(await dayBegins('2026-12-30')).toBe('done');
    expect(await questionsOf()).toHaveLength(1);
  });

  it('of a session that is not there is nobody’s', async () => {
    const purpose = { kind: 'coaching', id: 'coach_01JDB0PASTAPR00000000000C1', part: 'before' };
    const question = {
      id: 'req_01JDB0PASTAPR00000000000R1',
      kpis: ['winRate'],
      scope: `rep:${team.ids.ada}`,
      from: '2026-10-01',
      to: '2026-10-31',
      purpose,
    };
    expect(await answer(question)).toBe('irrelevant');
  });
});

describe('who may what', () => {
  it('members see theirs, coaches what they held, managers their team’s, admins all; others find nothing', async () => {
    const id = await logged();
    const seen = await Promise.all(
      (['ada', 'giulia', 'ines', 'bob', 'lena', 'carl'] as const).map(
        async (who) => (await team.as(who, 'GET', `/v1/coaching-sessions/${id}`)).status,
      ),
    );
    expect(seen).toEqual([200, 200, 200, 404, 404, 404]);
    const changed = await Promise.all(
      (['ada', 'bob', 'lena'] as const).map(
        async (who) =>
          (
            await team.as(
              who,
              'PATCH',
              `/v1/coaching-sessions/${id}`,
              { notes: 'No' },
              { 'if-match': '"99"' },
            )
          ).status,
      ),
    );
    expect(changed).toEqual([403, 404, 404]);
    const listed = async (who: 'ada' | 'bob' | 'lena' | 'ines', query = '') => {
      const { body } = await team.as(who, 'GET', `/v1/coaching-sessions${query}`);
      return (body.items as { id: string }[]).some((item) => item.id === id);
    };
    expect(await listed('ada')).toBe(true);
    expect(await listed('ada', '?mine=true')).toBe(true);
    expect(await listed('ines', `?memberId=${team.ids.ada}&coachId=${team.ids.giulia}`)).toBe(true);
    expect(await listed('ines', '?mine=true')).toBe(false);
    expect(await listed('bob', `?memberId=${team.ids.ada}`)).toBe(false);
    expect(await listed('lena')).toBe(false);
  });

  it('a coach whom an admin named sees and keeps that one session', async () => {
    const body = sessionOf({ coachId: team.ids.lena });
    expect(await team.as('giulia', 'POST', '/v1/coaching-sessions', body)).toMatchObject({ status: 403 });
    const { body: session } = await team.as('ines', 'POST', '/v1/coaching-sessions', body);
    const path = `/v1/coaching-sessions/${String(session.id)}`;
    expect(await team.as('lena', 'PATCH', path, { notes: null })).toMatchObject({ status: 200 });
  });

  it('nobody records sessions of another team, of themselves, or that are still to come', async () => {
    const tried = async (who: 'lena' | 'ada' | 'giulia' | 'ines', body: object) =>
      (await team.as(who, 'POST', '/v1/coaching-sessions', sessionOf(body))).status;
    expect(await tried('lena', {})).toBe(404);
    expect(await tried('ada', {})).toBe(403);
    expect(await tried('giulia', { heldOn: '2026-11-24' })).toBe(422);
    expect(await tried('ines', { memberId: team.ids.ines })).toBe(422);
    expect(await tried('ines', { memberId: 'mem_01JDB0PASTAPR0000000000XXX' })).toBe(422);
    expect(await tried('giulia', { notes: 'x'.repeat(10_001) })).toBe(400);
    expect(await tried('giulia', { focusKpi: 'happiness' })).toBe(400);
  });

  it('actions are done once, by their owner or whoever keeps the session', async () => {
    const actions = [
      { text: 'Ask who decides', ownerId: team.ids.ada, dueOn: '2026-12-01' },
      { text: 'Listen in on a call', ownerId: team.ids.giulia, dueOn: '2026-12-01' },
    ];
    const { body } = await team.as('giulia', 'POST', '/v1/coaching-sessions', sessionOf({ actions }));
    const [own, theirs] = body.actions as { id: string }[];
    const path = `/v1/coaching-sessions/${String(body.id)}`;
    const done = async (who: 'ada' | 'bob' | 'giulia', action: string | undefined) =>
      (await team.as(who, 'POST', `${path}/actions/${String(action)}/done`)).status;
    expect(await done('bob', own?.id)).toBe(404);
    expect(await done('ada', theirs?.id)).toBe(403);
    expect(await done('ada', own?.id)).toBe(200);
    expect(await done('ada', own?.id)).toBe(409);
    expect(await done('giulia', theirs?.id)).toBe(200);
    expect(await done('giulia', 'act_01JDB0PASTAPR0000000000XXX')).toBe(404);

    const kept = await team.as('giulia', 'PATCH', path, { actions: [{ ...actions[0], id: own?.id }] });
    expect(kept.body.actions).toMatchObject([{ id: own?.id, doneOn: '2026-11-23' }]);
    const wrong = { actions: [{ ...actions[0], id: theirs?.id }] };
    expect(await team.as('giulia', 'PATCH', path, wrong)).toMatchObject({ status: 422 });
  });

  it('notes stay with the team: no event carries them', async () => {
    await team.events();
    const id = await logged();
    const events = await team.events();
    expect(dataOf(events, 'CoachingLogged.v1')).toEqual([
      { id, memberId: team.ids.ada, coachId: team.ids.giulia, heldOn: '2026-11-20', focusKpi: 'winRate' },
    ]);
    expect(JSON.stringify(events)).not.toContain('Offers go out');
  });

  it('a repeated request records one session', async () => {
    const headers = { 'idempotency-key': 'session-1' };
    const first = await team.as('giulia', 'POST', '/v1/coaching-sessions', sessionOf(), headers);
    const again = await team.as('giulia', 'POST', '/v1/coaching-sessions', sessionOf(), headers);
    expect(again.body.id).toBe(first.body.id);
    const other = sessionOf({ notes: 'Other' });
    expect(await team.as('giulia', 'POST', '/v1/coaching-sessions', other, headers)).toMatchObject({
      status: 422,
    });
  });
});
