import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askingDaily } from '../../../services/team/briefings/daily-questions.ts';
import { takingKpis } from '../../../services/team/briefings/take-kpis.ts';
import { KpisMeasured } from '../../../shared/events/briefings.ts';
import { DayBegan } from '../../../shared/events/team.ts';
import { dataOf, type LedTeam, startLedTeam } from './led-team.ts';
import { idsIn, made } from './people.ts';

let team: LedTeam;
beforeAll(async () => {
  team = await startLedTeam();
});
afterAll(async () => {
  await team.stop();
});

const questions = async () => dataOf(await team.events(), 'KpisRequested.v1');
const dayBegins = async (day: string) => askingDaily(team.table)(team.message(DayBegan, { day }, 'day'));

/** Metrics' answer, in which nothing was decided, and so many deals were won. */
const answer = async (question: object | undefined, wonDeals: number) => {
  const { id, kpis: _asked, ...rest } = question as { id: string; kpis: string[] };
  const counted = { numerator: wonDeals, denominator: 1, n: wonDeals };
  const kpis = {
    wonDeals: { value: wonDeals, unit: 'count', ...counted },
    winRate: { value: null, unit: 'ratio', numerator: 0, denominator: 0, n: 0, reason: 'nothing decided' },
  };
  const data = { requestId: id, ...rest, asOf: '2026-11-23T09:31:00Z', kpis };
  return takingKpis(team.table)(team.message(KpisMeasured, data, id));
};

/** Ada's, of a program with one module. */
const assigned = async (): Promise<{ readonly programId: string; readonly id: string }> => {
  const programId = await made(team, '/v1/training-programs', {
    name: 'Closing',
    modules: [{ key: 'ask', name: 'Ask for it' }],
  });
  const path = `/v1/training-programs/${programId}/assignments`;
  const [id = ''] = idsIn(await team.as('giulia', 'POST', path, { memberIds: [team.ids.ada] }));
  return { programId, id };
};

describe('the effect of a program', () => {
  it('is how each member did in the 30 days before completing it and in those after', async () => {
    const { programId, id } = await assigned();
    await questions();
    await team.as('ada', 'POST', `/v1/training-assignments/${id}/modules/ask/complete`, {});
    const [before, ...more] = await questions();
    expect(more).toEqual([]);
    expect(before).toMatchObject({
      scope: `rep:${team.ids.ada}`,
      kpis: ['wonRevenue', 'wonDeals', 'winRate'],
      from: '2026-10-24',
      to: '2026-11-23',
      purpose: { kind: 'training', id, part: 'before' },
    });
    expect(await answer(before, 4)).toBe('done');
    expect(await answer(before, 5)).toBe('duplicate');

    expect(await dayBegins('2026-12-22')).toBe('irrelevant');
    expect(await dayBegins('2026-12-24')).toBe('done');
    const [after] = await questions();
    expect(after).toMatchObject({ from: '2026-11-23', to: '2026-12-23', purpose: { part: 'after' } });
    expect(await dayBegins('2026-12-24')).toBe('irrelevant');
    expect(await answer(after, 7)).toBe('done');
    expect(dataOf(await team.events(), 'TrainingCompleted.v1')).toEqual([]);

    const path = `/v1/training-programs/${programId}/effect`;
    const wonDeals = await team.as('giulia', 'GET', `${path}?kpi=wonDeals`);
    expect(wonDeals.body.items).toMatchObject([
      { memberId: team.ids.ada, before: { value: 4 }, after: { value: 7 }, change: 3 },
    ]);
    const [winRate] = (await team.as('ines', 'GET', `${path}?kpi=winRate`)).body.items as object[];
    expect(winRate).toMatchObject({ before: { value: null, reason: 'nothing decided' } });
    expect(winRate).not.toHaveProperty('change');
  });

  it('is for managers of those members, and admins', async () => {
    const { programId, id } = await assigned();
    await team.as('ada', 'POST', `/v1/training-assignments/${id}/modules/ask/complete`, {});
    const path = `/v1/training-programs/${programId}/effect`;
    expect((await team.as('giulia', 'GET', path)).body.items).toMatchObject([{ assignmentId: id }]);
    expect((await team.as('lena', 'GET', path)).body.items).toEqual([]);
    expect((await team.as('ada', 'GET', path)).status).toBe(403);
    expect((await team.as('ines', 'GET', `${path}?kpi=happiness`)).status).toBe(400);
  });
});
