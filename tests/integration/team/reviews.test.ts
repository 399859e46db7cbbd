import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takingKpis } from '../../../services/team/briefings/take-kpis.ts';
import { KpisMeasured } from '../../../shared/events/briefings.ts';
import { kpiIds } from '../../../shared/kpis/kpi.ts';
import { dataOf, type LedTeam, startLedTeam } from './led-team.ts';

let team: LedTeam;
beforeAll(async () => {
  team = await startLedTeam();
});
afterAll(async () => {
  await team.stop();
});

const everyRating = ['results', 'pipelineDiscipline', 'customerFocus', 'teamwork'].map((competency) => ({
  competency,
  rating: 4,
}));

const begun = async (body: object = {}): Promise<string> => {
  const given = { memberId: team.ids.ada, period: '2026-Q4', ...body };
  const answer = await team.as('giulia', 'POST', '/v1/reviews', given);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return `/v1/reviews/${String(answer.body.id)}`;
};
const asked = async () => dataOf(await team.events(), 'KpisRequested.v1').at(-1);
const answer = async (question: object | undefined, wonDeals: number) => {
  const { id, kpis: _asked, ...rest } = question as { id: string; kpis: string[] };
  const kpi = { value: wonDeals, unit: 'count', numerator: wonDeals, denominator: 1, n: wonDeals };
  const data = { requestId: id, ...rest, asOf: '2026-11-23T09:31:00Z', kpis: { wonDeals: kpi } };
  return takingKpis(team.table)(team.message(KpisMeasured, data, id));
};
const wonDealsOf = async (path: string) => {
  const { body } = await team.as('giulia', 'GET', path);
  return (body.snapshot as { kpis: { wonDeals: { value: number } } } | undefined)?.kpis.wonDeals.value;
};
const status = async (...call: Parameters<LedTeam['as']>) => (await team.as(...call)).status;

describe('a review', () => {
  it('begins with what the role asks for, and asks for the numbers of its period', async () => {
    const path = await begun();
    const { body } = await team.as('giulia', 'GET', path);
    expect(body).toMatchObject({ status: 'draft', reviewerId: team.ids.giulia, from: '2026-10-01' });
    expect(body.ratings).toEqual(everyRating.map(({ competency }) => ({ competency, expectation: 3 })));
    expect(await asked()).toMatchObject({
      scope: `rep:${team.ids.ada}`,
      kpis: [...kpiIds],
      from: '2026-10-01',
      to: '2027-01-01',
    });
    const ofManager = await team.as('ines', 'POST', '/v1/reviews', {
      memberId: team.ids.giulia,
      period: '2026',
    });
    expect(ofManager.body.ratings).toContainEqual({ competency: 'coaching', expectation: 4 });
  });

  it('is completed once all is rated and measured, and never changes from then on', async () => {
    const path = await begun();
    const question = await asked();
    const full = { ratings: everyRating, strengths: 'Knows every kitchen.', overall: 4 };
    expect(await status('giulia', 'PATCH', path, full)).toBe(200);
    expect(await status('giulia', 'POST', `${path}/complete`)).toBe(409);
    expect(await answer(question, 7)).toBe('done');
    expect(await answer(question, 7)).toBe('duplicate');

    expect(await status('giulia', 'POST', `${path}/snapshot`)).toBe(202);
    const again = await asked();
    expect(await answer(again, 8)).toBe('done');
    expect(await answer(question, 9)).toBe('stale');
    expect(await status('giulia', 'POST', `${path}/snapshot`)).toBe(202);
    const late = await asked();

    expect(await status('giulia', 'POST', `${path}/complete`)).toBe(200);
    expect(await answer(late, 99)).toBe('stale');
    expect(await wonDealsOf(path)).toBe(8);
    expect(await status('giulia', 'PATCH', path, { overall: 5 })).toBe(409);
    expect(await status('giulia', 'POST', `${path}/snapshot`)).toBe(409);
    expect(await status('giulia', 'POST', `${path}/complete`)).toBe(409);
    expect(dataOf(await team.events(), 'ReviewCompleted.v1')).toEqual([
      { id: path.split('/').at(-1), memberId: team.ids.ada, period: '2026-Q4', overall: 4 },
    ]);
  });

  it('names all that is still to be rated', async () => {
    const path = await begun();
    await answer(await asked(), 7);
    await team.as('giulia', 'PATCH', path, { ratings: [everyRating[0]] });
    const { body } = await team.as('giulia', 'POST', `${path}/complete`);
    expect((body.errors as { path: string }[]).map((error) => error.path)).toEqual([
      '/ratings/1/rating',
      '/ratings/2/rating',
      '/ratings/3/rating',
      '/overall',
    ]);
  });

  it('is hidden from the member while it is a draft, then acknowledged by the member alone, once', async () => {
    const path = await begun({ ratings: everyRating, overall: 4 });
    await answer(await asked(), 7);
    expect(await status('ada', 'GET', path)).toBe(404);
    expect(await status('ada', 'POST', `${path}/acknowledge`, {})).toBe(404);
    expect(await status('giulia', 'POST', `${path}/complete`)).toBe(200);
    const seen = await Promise.all(
      (['ada', 'giulia', 'ines', 'bob', 'lena'] as const).map(async (who) => status(who, 'GET', path)),
    );
    expect(seen).toEqual([200, 200, 200, 404, 404]);
    expect(await status('ada', 'PATCH', path, { overall: 5 }, { 'if-match': '"99"' })).toBe(403);
    expect(await status('giulia', 'POST', `${path}/acknowledge`, {})).toBe(403);
    expect(await status('lena', 'POST', `${path}/acknowledge`, {})).toBe(404);
    expect(await status('ada', 'POST', `${path}/acknowledge`, { comment: 'Agreed.' })).toBe(200);
    expect(await status('ada', 'POST', `${path}/acknowledge`, {})).toBe(409);
    const { body } = await team.as('ada', 'GET', `/v1/reviews?memberId=${team.ids.ada}&status=acknowledged`);
    expect(body.items).toMatchObject([{ acknowledgement: { comment: 'Agreed.' } }]);
  });

  it('is nobody’s own, nobody else’s business, and of a period that has begun', async () => {
    const tried = async (who: 'giulia' | 'lena' | 'ada' | 'ines', body: object) =>
      status(who, 'POST', '/v1/reviews', { memberId: team.ids.ada, period: '2026-Q4', ...body });
    expect(await tried('lena', {})).toBe(404);
    expect(await tried('ada', {})).toBe(403);
    expect(await tried('ines', { memberId: team.ids.ines })).toBe(403);
    expect(await tried('giulia', { period: '2027' })).toBe(422);
    expect(await tried('giulia', { period: '2020-01-01..2026-01-01' })).toBe(422);
    expect(await tried('giulia', { ratings: [{ competency: 'coaching', rating: 3 }] })).toBe(422);
    expect(await tried('giulia', { ratings: [everyRating[0], everyRating[0]] })).toBe(422);
    expect(await tried('giulia', { ratings: [{ competency: 'results', rating: 6 }] })).toBe(400);
    expect(await tried('giulia', { strengths: 'bell\u0007' })).toBe(400);
  });
});
