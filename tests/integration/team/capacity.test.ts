import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTeamService, type TeamService } from './team-service.ts';

let service: TeamService;
/** Lena manages North and South, and sells in the West; Rosa is in the North, Bruno in the South. */
const ids = { sales: '', north: '', south: '', west: '', lena: '', rosa: '', bruno: '' };

const made = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status).toBe(201);
  return String(answer.body.id);
};

const as = (memberId: string, role: 'manager' | 'rep') => ({
  claims: { member_id: memberId, role, scope: 'sales/team.read sales/team.write' },
});

beforeAll(async () => {
  service = await startTeamService();
  ids.sales = await made('/v1/teams', { name: 'Sales' });
  ids.west = await made('/v1/teams', { name: 'West', parentTeamId: ids.sales });
  const lena = { name: 'Lena', role: 'manager', teamId: ids.west, startedOn: '2026-01-01' };
  ids.lena = await made('/v1/members', lena);
  const below = { managerId: ids.lena, parentTeamId: ids.sales };
  ids.north = await made('/v1/teams', { name: 'North', ...below });
  ids.south = await made('/v1/teams', { name: 'South', ...below });
  const rep = { startedOn: '2026-01-01', capacity: 0.5 };
  ids.rosa = await made('/v1/members', { name: 'Rosa', teamId: ids.north, ...rep });
  ids.bruno = await made('/v1/members', { name: 'Bruno', teamId: ids.south, ...rep });
});
afterAll(async () => service.stop());

const absence = (memberId: string, from: string) => `/v1/members/${memberId}/absences/${from}`;

describe('absences', () => {
  it('are entered by the member and by who manages the team, and by nobody else', async () => {
    const enter = async (caller: Parameters<TeamService['call']>[3], from: string) =>
      service.call('PUT', absence(ids.rosa, from), { until: from }, caller);
    expect((await enter(as(ids.rosa, 'rep'), '2026-12-01')).status).toBe(200);
    expect((await enter(as(ids.lena, 'manager'), '2026-12-02')).status).toBe(200);
    expect((await enter(undefined, '2026-12-03')).status).toBe(200);
    expect((await enter(as(ids.bruno, 'rep'), '2026-12-04')).status).toBe(404);
    const stranger = await service.call(
      'GET',
      `/v1/members/${ids.rosa}/absences`,
      undefined,
      as(ids.bruno, 'rep'),
    );
    expect(stranger.status).toBe(404);
    const listed = await service.call('GET', '/v1/members', undefined, as(ids.bruno, 'rep'));
    expect(listed.status).toBe(200);
    expect(JSON.stringify(listed.body)).not.toContain('absences');
    const own = await service.call('GET', `/v1/members/${ids.rosa}/absences`, undefined, as(ids.rosa, 'rep'));
    expect(own.body.items).toHaveLength(3);
  });

  it('tell nobody a member’s version who may not see the member', async () => {
    const stale = { headers: { 'if-match': '"99"' } };
    const put = async (options: object) =>
      (await service.call('PUT', absence(ids.rosa, '2026-12-04'), { until: '2026-12-04' }, options)).status;
    expect(await put({ ...stale, ...as(ids.bruno, 'rep') })).toBe(404);
    expect(await put(stale)).toBe(412);
  });

  it('change nothing when they are entered twice, and move their end otherwise', async () => {
    await service.events();
    const put = async (until: string) => service.call('PUT', absence(ids.bruno, '2026-12-21'), { until });
    expect((await put('2026-12-24')).status).toBe(200);
    expect((await put('2026-12-24')).status).toBe(200);
    expect(await service.events()).toMatchObject([{ detailType: 'MemberUpdated.v1' }]);
    expect((await put('2026-12-23')).body.absences).toEqual([{ from: '2026-12-21', until: '2026-12-23' }]);
  });

  it('must not overlap, nor end before they begin', async () => {
    const refused = async (from: string, until: string) => {
      const answer = await service.call('PUT', absence(ids.bruno, from), { until });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '/until' }] } });
    };
    await refused('2026-12-23', '2026-12-28');
    await refused('2026-12-01', '2026-12-21');
    await refused('2026-12-22', '2026-12-22');
    await refused('2026-12-30', '2026-12-29');
    const noDay = await service.call('PUT', absence(ids.bruno, '2026-02-30'), { until: '2026-03-01' });
    expect(noDay.status).toBe(400);
  });

  it('are at most a hundred', async () => {
    const id = await made('/v1/members', { name: 'Often away' });
    const days = Array.from({ length: 101 }, (_, n) =>
      new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10),
    );
    const statuses: number[] = [];
    for (const day of days)
      statuses.push((await service.call('PUT', absence(id, day), { until: day })).status);
    expect(statuses.slice(0, 100).every((status) => status === 200)).toBe(true);
    expect(statuses[100]).toBe(422);
  });

  it('are deleted by their first day', async () => {
    expect((await service.call('DELETE', absence(ids.bruno, '2026-12-22'))).status).toBe(404);
    expect((await service.call('DELETE', absence(ids.bruno, '2026-12-21'))).status).toBe(204);
    const left = await service.call('GET', `/v1/members/${ids.bruno}/absences`);
    expect(left.body.items).toEqual([]);
  });
});

describe('a team’s capacity', () => {
  const capacity = async (team: string, options?: Parameters<TeamService['call']>[3], period = '2026-12') =>
    service.call('GET', `/v1/teams/${team}/capacity?period=${period}`, undefined, options);

  it('is what its members and those below can do together', async () => {
    const answer = await capacity(ids.sales);
    expect(answer.body).toMatchObject({ businessDays: 23, from: '2026-12-01', to: '2027-01-01' });
    const members = answer.body.members as { memberId: string; share: number }[];
    // A manager of two hats counts once, where she sells.
    expect(members.map(({ memberId }) => memberId)).toEqual([ids.bruno, ids.lena, ids.rosa]);
    expect(answer.body.share).toBeCloseTo(0.5 + 1 + (0.5 * 20) / 23, 10);
  });

  it('divides a member who moves between the teams', async () => {
    const id = await made('/v1/members', { name: 'Mover', teamId: ids.north, startedOn: '2026-01-01' });
    const moved = { teamId: ids.south, effectiveOn: '2026-12-15' };
    expect((await service.call('POST', `/v1/members/${id}/transfer`, moved)).status).toBe(200);
    const daysIn = async (team: string) => {
      const members = (await capacity(team)).body.members as { memberId: string; presentDays: number }[];
      return members.find(({ memberId }) => memberId === id)?.presentDays;
    };
    expect([await daysIn(ids.north), await daysIn(ids.south), await daysIn(ids.sales)]).toEqual([10, 13, 23]);
  });

  it('is seen by the team’s members and managers, and by nobody else', async () => {
    expect((await capacity(ids.north, as(ids.rosa, 'rep'))).status).toBe(200);
    expect((await capacity(ids.south, as(ids.rosa, 'rep'))).status).toBe(404);
    expect((await capacity(ids.north, as(ids.lena, 'manager'))).status).toBe(200);
    expect((await capacity(ids.south, as(ids.lena, 'manager'))).status).toBe(200);
    expect((await capacity(ids.west, as(ids.lena, 'manager'))).status).toBe(200);
    expect((await capacity(ids.sales, as(ids.lena, 'manager'))).status).toBe(404);
    expect((await capacity('team_01JD0000000000000000000000')).status).toBe(404);
  });

  it('is asked for a period that there is, of a year at most', async () => {
    expect((await capacity(ids.sales, undefined, '2026-12-24..2026-12-01')).status).toBe(422);
    expect((await capacity(ids.sales, undefined, '2026-01-01..2027-01-02')).status).toBe(400);
    expect((await capacity(ids.sales, undefined, 'soon')).status).toBe(400);
  });

  it('knows the organization’s holidays', async () => {
    const settings = { name: 'PastaPro', holidays: ['2026-12-25', '2026-12-08'], candidateRetentionDays: 90 };
    const put = await service.call('PUT', '/v1/organization', settings);
    expect(put.body).toMatchObject({ holidays: ['2026-12-08', '2026-12-25'], candidateRetentionDays: 90 });
    expect((await capacity(ids.sales)).body).toMatchObject({ businessDays: 21 });
    const twice = { ...settings, holidays: ['2026-12-25', '2026-12-25'], candidateRetentionDays: 0 };
    const refused = await service.call('PUT', '/v1/organization', twice);
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/holidays' }, { path: '/candidateRetentionDays' }] },
    });
  });
});
