import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTeamService, TODAY, type TeamService } from './team-service.ts';

let service: TeamService;
beforeAll(async () => {
  service = await startTeamService();
});
afterAll(async () => {
  await service.stop();
});

const made = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(answer.body.id);
};

describe('the organization', () => {
  it('has defaults until it is set up, and versions from then on', async () => {
    const before = await service.call('GET', '/v1/organization');
    expect(before.body).toMatchObject({ reportingCurrency: 'USD', timeZone: 'UTC', version: 0 });
    expect(before.headers.etag).toBe('"0"');

    const put = await service.call(
      'PUT',
      '/v1/organization',
      { name: 'PastaPro', timeZone: 'Europe/Rome', businessDays: [5, 1, 2, 3, 4] },
      { headers: { 'if-match': '"0"' } },
    );
    expect(put).toMatchObject({
      status: 200,
      body: { name: 'PastaPro', businessDays: [1, 2, 3, 4, 5], version: 1 },
    });
    expect(await service.events()).toMatchObject([
      {
        detailType: 'OrganizationUpdated.v1',
        detail: { metadata: { subject: 'organization', version: 1, actor: 'client:test' } },
      },
    ]);

    const stale = await service.call(
      'PUT',
      '/v1/organization',
      { name: 'X' },
      { headers: { 'if-match': '"0"' } },
    );
    expect(stale.status).toBe(412);
    const twice = await service.call('PUT', '/v1/organization', { name: 'PastaPro SpA' });
    expect(twice.body).toMatchObject({ name: 'PastaPro SpA', timeZone: 'Europe/Rome', version: 2 });
    const elsewhere = await service.call('PUT', '/v1/organization', { name: 'PastaPro', timeZone: 'UTC' });
    expect(elsewhere).toMatchObject({ status: 409 });
  });

  it('refuses settings that cannot be, all at once', async () => {
    const answer = await service.call('PUT', '/v1/organization', {
      name: '',
      reportingCurrency: 'XXY',
      timeZone: 'Europe/Atlantis',
      fiscalYearStartMonth: 13,
      businessDays: [0, 8],
      paceThresholds: { ahead: 0.5, onTrack: 0.9, atRisk: 0.8 },
      colour: 'red',
    });
    expect(answer.status).toBe(400);
    const paths = (answer.body.errors as { path: string }[]).map(({ path }) => path);
    for (const field of [
      'name',
      'reportingCurrency',
      'timeZone',
      'fiscalYearStartMonth',
      'paceThresholds',
      'colour',
    ]) {
      expect(paths).toContain(`/${field}`);
    }
  });
});

describe('teams', () => {
  it('form a tree, into which no circle can be closed', async () => {
    const sales = await made('/v1/teams', { name: 'Sales' });
    const italy = await made('/v1/teams', { name: 'Italy', parentTeamId: sales });
    const circle = await service.call('PATCH', `/v1/teams/${sales}`, { parentTeamId: italy });
    expect(circle).toMatchObject({ status: 422, body: { errors: [{ path: '/parentTeamId' }] } });
    const self = await service.call('PATCH', `/v1/teams/${sales}`, { parentTeamId: sales });
    expect(self.status).toBe(422);
    const root = await service.call('PATCH', `/v1/teams/${italy}`, { parentTeamId: null });
    expect(root).toMatchObject({ status: 200, body: { version: 2 } });
    expect(root.body).not.toHaveProperty('parentTeamId');
  });

  it('refer to members and teams that exist', async () => {
    const answer = await service.call('POST', '/v1/teams', {
      name: 'Ghosts',
      managerId: 'mem_01JD0000000000000000000000',
      parentTeamId: 'team_01JD0000000000000000000000',
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/managerId' }, { path: '/parentTeamId' }] },
    });
  });

  it('are listed by name, page by page', async () => {
    const first = await service.call('GET', '/v1/teams?limit=1');
    expect(first.body.items).toMatchObject([{ name: 'Italy' }]);
    const cursor = String(first.body.nextCursor);
    const second = await service.call('GET', `/v1/teams?limit=1&cursor=${encodeURIComponent(cursor)}`);
    expect(second.body.items).toMatchObject([{ name: 'Sales' }]);
    expect(second.body).not.toHaveProperty('nextCursor');
    const bent = await service.call('GET', `/v1/teams?limit=1&cursor=x${encodeURIComponent(cursor)}`);
    expect(bent.status).toBe(400);
  });
});

describe('members', () => {
  it('are added once per idempotency key', async () => {
    const headers = { 'idempotency-key': 'hire-rosa' };
    const body = { name: 'Rosa Bianchi', email: 'rosa@pastapro.example' };
    const first = await service.call('POST', '/v1/members', body, { headers });
    const again = await service.call('POST', '/v1/members', body, { headers });
    expect(first).toMatchObject({ status: 201, body: { role: 'rep', status: 'active', version: 1 } });
    expect(again.body).toEqual(first.body);
    const other = await service.call('POST', '/v1/members', { ...body, name: 'Rosa' }, { headers });
    expect(other.status).toBe(422);
  });

  it('have an e-mail address of their own, whatever its case', async () => {
    const taken = await service.call('POST', '/v1/members', {
      name: 'Other',
      email: 'ROSA@PastaPro.example',
    });
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ path: '/email' }] } });

    const marco = await made('/v1/members', { name: 'Marco', email: 'marco@pastapro.example' });
    const change = await service.call('PATCH', `/v1/members/${marco}`, { email: 'rosa@pastapro.example' });
    expect(change.status).toBe(409);
    const moved = await service.call('PATCH', `/v1/members/${marco}`, {
      email: 'marco.bruno@pastapro.example',
    });
    expect(moved.status).toBe(200);
    await made('/v1/members', { name: 'Second Marco', email: 'marco@pastapro.example' });
    const removed = await service.call('PATCH', `/v1/members/${marco}`, { email: null });
    expect(removed.body).not.toHaveProperty('email');
    await made('/v1/members', { name: 'Third Marco', email: 'marco.bruno@pastapro.example' });
  });

  it('are found by e-mail address, by the beginning of the name, and by the team of today', async () => {
    const teamId = await made('/v1/teams', { name: 'Finders' });
    const wanted = await made('/v1/members', { name: 'Zeno One', email: 'zeno@pastapro.example', teamId });
    await made('/v1/members', { name: 'Zeno Two' });
    const idsOf = async (query: string) =>
      ((await service.call('GET', `/v1/members?${query}`)).body.items as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await idsOf('email=ZENO@pastapro.example')).toEqual([wanted]);
    expect(await idsOf('email=nobody@pastapro.example')).toEqual([]);
    expect(await idsOf('name=zeno')).toHaveLength(2);
    expect(await idsOf(`teamId=${teamId}`)).toEqual([wanted]);
  });

  it('are listed page by page under a filter, each once', async () => {
    const teamId = await made('/v1/teams', { name: 'Many' });
    for (const name of ['P1', 'P2', 'P3', 'P4', 'P5']) await made('/v1/members', { name, teamId });
    const names: string[] = [];
    let cursor = '';
    do {
      const page = await service.call('GET', `/v1/members?limit=2&teamId=${teamId}${cursor}`);
      names.push(...(page.body.items as { name: string }[]).map(({ name }) => name));
      const { nextCursor } = page.body;
      cursor = typeof nextCursor === 'string' ? `&cursor=${encodeURIComponent(nextCursor)}` : '';
    } while (cursor !== '');
    expect(names).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
  });

  it('move to another team from a day on, and not in the past', async () => {
    const [north, south] = [
      await made('/v1/teams', { name: 'North' }),
      await made('/v1/teams', { name: 'South' }),
    ];
    const id = await made('/v1/members', { name: 'Mover', teamId: north, startedOn: '2026-01-01' });
    await service.events();
    const past = await service.call('POST', `/v1/members/${id}/transfer`, {
      teamId: south,
      effectiveOn: '2026-11-22',
    });
    expect(past).toMatchObject({ status: 422, body: { errors: [{ path: '/effectiveOn' }] } });
    const moved = await service.call('POST', `/v1/members/${id}/transfer`, {
      teamId: south,
      effectiveOn: '2026-12-01',
    });
    expect(moved.body).toMatchObject({
      teamId: north,
      memberships: [
        { teamId: north, from: '2026-01-01' },
        { teamId: south, from: '2026-12-01' },
      ],
    });
    expect(await service.events()).toMatchObject([
      { detailType: 'MemberTransferred.v1', detail: { metadata: { subject: id, version: 2 } } },
    ]);
    const again = await service.call('POST', `/v1/members/${id}/transfer`, {
      teamId: south,
      effectiveOn: '2026-12-01',
    });
    expect(again.status).toBe(409);
  });

  it('depart once, and hand their work to someone who is there', async () => {
    const id = await made('/v1/members', { name: 'Leaver' });
    const heir = await made('/v1/members', { name: 'Heir' });
    await service.events();
    const ownHeir = await service.call('POST', `/v1/members/${id}/depart`, { on: TODAY, reassignTo: id });
    expect(ownHeir.status).toBe(422);
    const gone = await service.call('POST', `/v1/members/${id}/depart`, { on: TODAY, reassignTo: heir });
    expect(gone.body).toMatchObject({ status: 'departed', departedOn: TODAY });
    expect(await service.events()).toMatchObject([
      { detailType: 'MemberDeparted.v1', detail: { data: { id, reassignTo: heir } } },
    ]);
    const again = await service.call('POST', `/v1/members/${id}/depart`, { on: TODAY });
    expect(again.status).toBe(409);
  });

  it('keep at least one administrator', async () => {
    const first = await made('/v1/members', { name: 'Admin One', role: 'admin' });
    expect((await service.call('POST', `/v1/members/${first}/depart`, { on: TODAY })).status).toBe(409);
    expect((await service.call('PATCH', `/v1/members/${first}`, { role: 'rep' })).status).toBe(409);
    await made('/v1/members', { name: 'Admin Two', role: 'admin' });
    expect((await service.call('POST', `/v1/members/${first}/depart`, { on: TODAY })).status).toBe(200);
  });
});

describe('territories', () => {
  it('form a tree with owners that exist', async () => {
    const world = await made('/v1/territories', { name: 'World' });
    const europe = await made('/v1/territories', { name: 'Europe', parentTerritoryId: world });
    const circle = await service.call('PATCH', `/v1/territories/${world}`, { parentTerritoryId: europe });
    expect(circle.status).toBe(422);
    const ghost = await service.call('PATCH', `/v1/territories/${world}`, {
      ownerIds: ['mem_01JD0000000000000000000000'],
    });
    expect(ghost).toMatchObject({ status: 422, body: { errors: [{ path: '/ownerIds/0' }] } });
  });
});
