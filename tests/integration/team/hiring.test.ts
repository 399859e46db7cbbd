import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeMember } from '../../../services/team/domain/member.ts';
import { candidateEntity } from '../../../services/team/store/candidates.ts';
import { Members } from '../../../services/team/store/members.ts';
import { MemberAdded } from '../../../shared/events/team.ts';
import { derivedId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { idsIn, made, twoTeams } from './people.ts';
import { startTeamService, TODAY, type TeamService } from './team-service.ts';

let service: TeamService;
let people: Awaited<ReturnType<typeof twoTeams>>;
beforeAll(async () => {
  service = await startTeamService();
  people = await twoTeams(service);
});
afterAll(async () => {
  await service.stop();
});

let count = 0;
/** A candidate of whom nobody else has the name and address. */
const apply = async (details: object = {}): Promise<string> => {
  count += 1;
  const email = `livia.${String(count)}@example.com`;
  return made(service, '/v1/candidates', {
    name: `Livia ${String(count)}`,
    email,
    role: 'Account executive',
    ...details,
  });
};
const step = async (id: string, name: string, body: object) =>
  service.call('POST', `/v1/candidates/${id}/${name}`, body);
const offered = async (details: object = {}): Promise<string> => {
  const id = await apply(details);
  expect((await step(id, 'stage', { stage: 'offer' })).status).toBe(200);
  return id;
};
const membersNamed = async (name: string) =>
  idsIn(await service.call('GET', `/v1/members?name=${encodeURIComponent(name)}`));

describe('candidates', () => {
  it('are added once per idempotency key, and told of without who they are', async () => {
    const headers = { 'idempotency-key': 'livia' };
    const body = {
      name: 'Livia <b>Serra</b>',
      email: 'livia@example.com',
      role: 'Rep',
      teamId: people.north,
      phone: '+39 051 123456',
    };
    await service.events();
    const first = await service.call('POST', '/v1/candidates', body, { headers });
    expect(first).toMatchObject({ status: 201, body: { ...body, stage: 'applied', version: 1 } });
    expect((await service.call('POST', '/v1/candidates', body, { headers })).body).toEqual(first.body);
    const id = String(first.body.id);
    await step(id, 'notes', { text: 'Knows Emilia.\nSpeaks German.' });
    const told = await service.events();
    expect(told).toHaveLength(2);
    for (const { detail } of told)
      expect(detail.data).toEqual({ id, stage: 'applied', teamId: people.north });
  });

  it('are refused with everything that is wrong at once', async () => {
    const answer = await service.call('POST', '/v1/candidates', {
      name: 'Li\u0007via',
      email: 'nobody',
      phone: 'call me',
      role: 'x'.repeat(201),
      teamId: 'North',
      salary: 1,
    });
    expect(answer.status).toBe(400);
    const paths = (answer.body.errors as { path: string }[]).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['/email', '/name', '/phone', '/role', '/salary', '/teamId']);
    const unknown = { name: 'L', email: 'l@example.com', role: 'Rep', teamId: derivedId(TeamId, 'none') };
    const ghost = await service.call('POST', '/v1/candidates', unknown);
    expect(ghost).toMatchObject({ status: 422, body: { errors: [{ path: '/teamId' }] } });
  });

  it('are seen and kept by who hires for their team, and by all managers while they have none', async () => {
    const ofNorth = await apply({ teamId: people.north });
    const ofNone = await apply();
    const { mia, sam, ada } = people;
    const path = `/v1/candidates/${ofNorth}`;
    expect((await mia.call('GET', path)).status).toBe(200);
    expect((await sam.call('GET', path)).status).toBe(404);
    expect((await sam.call('POST', `${path}/notes`, { text: 'x' }, { 'if-match': '"99"' })).status).toBe(404);
    expect((await ada.call('GET', path)).status).toBe(403);
    expect((await sam.call('GET', `/v1/candidates/${ofNone}`)).status).toBe(200);
    const listed = idsIn(await sam.call('GET', '/v1/candidates'));
    expect(listed).toContain(ofNone);
    expect(listed).not.toContain(ofNorth);
    expect((await ada.call('GET', '/v1/candidates')).status).toBe(403);
    const taken = await sam.call('PATCH', `/v1/candidates/${ofNone}`, { teamId: people.north });
    expect(taken.status).toBe(403);
    const own = await sam.call('PATCH', `/v1/candidates/${ofNone}`, { teamId: people.south });
    expect(own).toMatchObject({ status: 200, body: { teamId: people.south } });
    expect((await mia.call('GET', `/v1/candidates/${ofNone}`)).status).toBe(404);
  });

  it('are listed by stage, team and the beginning of the name, page by page', async () => {
    const ids = [];
    for (const name of ['Zeno A', 'Zeno B', 'Zeno C']) ids.push(await apply({ name, teamId: people.north }));
    await apply({ name: 'Zeno D', teamId: people.south });
    await step(String(ids[1]), 'stage', { stage: 'screening' });
    const filter = `name=zeno&teamId=${people.north}`;
    const first = await service.call('GET', `/v1/candidates?limit=2&${filter}`);
    expect(idsIn(first)).toEqual(ids.slice(0, 2));
    expect((first.body.items as object[])[0]).not.toHaveProperty('notes');
    const cursor = encodeURIComponent(String(first.body.nextCursor));
    const second = await service.call('GET', `/v1/candidates?limit=2&${filter}&cursor=${cursor}`);
    expect(idsIn(second)).toEqual(ids.slice(2));
    expect(second.body).not.toHaveProperty('nextCursor');
    expect(idsIn(await service.call('GET', '/v1/candidates?stage=screening&name=zeno'))).toEqual([ids[1]]);
    const elsewhere = await service.call('GET', `/v1/candidates?limit=2&name=zeno&cursor=${cursor}`);
    expect(elsewhere.status).toBe(400);
  });

  it('move by stages, back for a reason, and never over somebody else’s change', async () => {
    const id = await apply();
    expect((await step(id, 'stage', { stage: 'interview' })).body).toMatchObject({ stage: 'interview' });
    const back = await step(id, 'stage', { stage: 'screening' });
    expect(back).toMatchObject({ status: 422, body: { errors: [{ path: '/reason' }] } });
    expect((await step(id, 'stage', { stage: 'screening', reason: 'Other role' })).status).toBe(200);
    expect((await step(id, 'stage', { stage: 'hired' })).status).toBe(400);
    expect((await step(id, 'reopen', { reason: 'x' })).status).toBe(409);
    const headers = { 'if-match': '"1"' };
    const stale = await service.call('PATCH', `/v1/candidates/${id}`, { source: 'referral' }, { headers });
    expect(stale.status).toBe(412);
  });

  it('are scored once by an author in a stage', async () => {
    const id = await apply({ teamId: people.north });
    const path = `/v1/candidates/${id}/scorecards`;
    const card = (score: number) => ({
      criteria: [{ name: 'Listening', score }],
      recommendation: 'strongYes',
    });
    await people.mia.call('POST', path, card(3));
    const again = await people.mia.call('POST', path, card(5));
    expect(again.body.scorecards).toMatchObject([
      { by: people.mia.id, stage: 'applied', criteria: [{ score: 5 }] },
    ]);
    expect((await people.mia.call('POST', path, card(6))).status).toBe(400);
    const doubled = { ...card(3), criteria: [...card(3).criteria, ...card(4).criteria] };
    expect((await people.mia.call('POST', path, doubled)).status).toBe(400);
  });
});

describe('rejected candidates', () => {
  it('expire after the organization’s days, unless they are taken up again', async () => {
    const id = await offered({ name: 'Vera Short' });
    const item = async () => service.table.get(candidateEntity.key(id));
    const rejected = await step(id, 'reject', { reason: 'Wants to work abroad' });
    expect(rejected.body).toMatchObject({ stage: 'rejected', expiresOn: '2027-05-22' });
    expect(rejected.body).not.toHaveProperty('expiresAt');
    expect((await item())?.expiresAt).toBe(Date.parse('2027-05-22T09:30:00Z') / 1000);
    expect((await step(id, 'reject', { reason: 'Again' })).status).toBe(409);

    const reopened = await step(id, 'reopen', { reason: 'A place came free' });
    expect(reopened.body).toMatchObject({ stage: 'offer' });
    expect(reopened.body).not.toHaveProperty('expiresOn');
    expect(await item()).not.toHaveProperty('expiresAt');

    await step(id, 'reject', { reason: 'Abroad after all' });
    const before = service.clock.time;
    service.clock.time = Date.parse('2027-05-22T09:30:00Z');
    try {
      expect((await service.call('GET', `/v1/candidates/${id}`)).status).toBe(404);
      expect((await step(id, 'reopen', { reason: 'Too late' })).status).toBe(404);
      expect(idsIn(await service.call('GET', '/v1/candidates?name=vera'))).toEqual([]);
      expect(idsIn(await service.call('GET', '/v1/candidates?stage=rejected&name=vera'))).toEqual([]);
    } finally {
      service.clock.time = before;
    }
  });
});

describe('hiring', () => {
  const terms = (details: object = {}) => ({
    teamId: people.north,
    startedOn: '2026-12-01',
    rampMonths: 3,
    ...details,
  });

  it('makes one member with a ramp and the onboarding programs, however often it is asked for', async () => {
    const module = { key: 'shapes', name: 'Shapes and sauces' };
    const programs = { modules: [module], dueDays: 14 };
    const onboarding = await made(service, '/v1/training-programs', {
      ...programs,
      name: 'Welcome',
      onboarding: true,
    });
    await made(service, '/v1/training-programs', { ...programs, name: 'Closing' });
    const id = await offered({ name: 'Hired Once', email: 'once@example.com', teamId: people.north });
    await service.events();

    const hired = await people.mia.call('POST', `/v1/candidates/${id}/hire`, terms());
    expect(hired).toMatchObject({ status: 200, body: { stage: 'hired' } });
    const memberId = String(hired.body.memberId);
    const told = await service.events();
    expect(told.map(({ detailType }) => detailType)).toEqual([
      'MemberAdded.v1',
      'TrainingAssignmentChanged.v1',
      'CandidateChanged.v1',
    ]);
    expect(told[2]?.detail.data).toEqual({ id, stage: 'hired', teamId: people.north, memberId });
    expect((await service.call('GET', `/v1/members/${memberId}`)).body).toMatchObject({
      name: 'Hired Once',
      email: 'once@example.com',
      role: 'rep',
      startedOn: '2026-12-01',
      rampMonths: 3,
      memberships: [{ teamId: people.north, from: '2026-12-01' }],
    });
    const assigned = await service.call('GET', `/v1/training-assignments?memberId=${memberId}`);
    expect(assigned.body.items).toMatchObject([{ programId: onboarding, dueOn: '2026-12-15' }]);

    const again = await people.mia.call('POST', `/v1/candidates/${id}/hire`, terms());
    expect(again.body).toEqual(hired.body);
    expect(await service.events()).toEqual([]);
    expect(await membersNamed('Hired Once')).toEqual([memberId]);
    expect((await step(id, 'reject', { reason: 'Too late' })).status).toBe(409);
  });

  it('that died after the member was made goes on to the same member', async () => {
    const id = await offered({ name: 'Cut Short', email: 'short@example.com' });
    const cause = { correlationId: 'cut-short', actor: 'system' } as const;
    const memberId = derivedId(MemberId, 'candidate', id);
    const today = Day.parse(TODAY);
    await new Members(service.table, cause).create(
      makeMember({ id: memberId, name: 'Cut Short', email: 'short@example.com' }, today),
      MemberAdded,
    );
    // Else the member would stay, with a sign-in, and nothing would say why.
    expect((await step(id, 'reject', { reason: 'Too late' })).status).toBe(409);
    expect((await step(id, 'stage', { stage: 'interview', reason: 'Once more' })).status).toBe(409);
    const hired = await step(id, 'hire', terms());
    expect(hired).toMatchObject({ status: 200, body: { stage: 'hired', memberId } });
    expect(await membersNamed('Cut Short')).toEqual([memberId]);
  });

  it('leaves everything as it is where the address is taken, until another is given', async () => {
    await made(service, '/v1/members', { name: 'Holder', email: 'taken@example.com' });
    const id = await offered({ name: 'Second Holder', email: 'Taken@example.com' });
    const refused = await step(id, 'hire', terms());
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ path: '/email' }] } });
    expect((await service.call('GET', `/v1/candidates/${id}`)).body).toMatchObject({ stage: 'offer' });
    expect(await membersNamed('Second Holder')).toEqual([]);
    expect((await step(id, 'hire', terms({ email: 'own@example.com' }))).status).toBe(200);
  });

  it('is for admins, and for reps of their own team for managers', async () => {
    const { mia, sam, ada, south } = people;
    const ofNone = await offered();
    const path = `/v1/candidates/${ofNone}/hire`;
    expect((await ada.call('POST', path, terms())).status).toBe(403);
    expect((await sam.call('POST', path, terms())).status).toBe(403);
    expect((await mia.call('POST', path, terms({ teamId: south }))).status).toBe(403);
    expect((await mia.call('POST', path, terms({ role: 'admin' }))).status).toBe(403);
    const ofSouth = await offered({ teamId: south });
    expect((await mia.call('POST', `/v1/candidates/${ofSouth}/hire`, terms())).status).toBe(404);
    expect((await mia.call('POST', path, terms())).status).toBe(200);
  });

  it('needs an offer, and a team and territories that exist', async () => {
    const early = await apply();
    expect((await step(early, 'hire', terms())).status).toBe(409);
    const id = await offered();
    const ghosts = terms({
      teamId: derivedId(TeamId, 'none'),
      territoryIds: ['ter_01JD0000000000000000000000'],
    });
    expect(await step(id, 'hire', ghosts)).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/teamId' }, { path: '/territoryIds/0' }] },
    });
  });
});
