import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';
import { idsIn, made, twoTeams } from './people.ts';
import { startTeamService, type TeamService } from './team-service.ts';

let service: TeamService;
let people: Awaited<ReturnType<typeof twoTeams>>;
beforeAll(async () => {
  service = await startTeamService();
  people = await twoTeams(service);
});
afterAll(async () => {
  await service.stop();
});

const modules = [
  { key: 'shapes', name: 'Shapes and sauces', minutes: 45, passScore: 80 },
  { key: 'prices', name: 'Prices' },
];
const program = async (details: object = {}) =>
  made(service, '/v1/training-programs', { name: 'Pasta for beginners', modules, ...details });
const assign = async (id: string, body: object) =>
  service.call('POST', `/v1/training-programs/${id}/assignments`, body);
const assigned = async (programId: string, memberId: string, body: object = {}): Promise<string> => {
  const answer = await assign(programId, { memberIds: [memberId], ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return String(idsIn(answer)[0]);
};
const complete = (id: string, key: string) => `/v1/training-assignments/${id}/modules/${key}/complete`;

describe('training programs', () => {
  it('are kept by admins, and hidden from reps once they are retired', async () => {
    const { mia, ada } = people;
    const id = await program();
    const body = { name: 'Mine', modules };
    for (const someone of [mia, ada])
      expect((await someone.call('POST', '/v1/training-programs', body)).status).toBe(403);
    expect((await ada.call('GET', `/v1/training-programs/${id}`)).body).toMatchObject({ status: 'active' });
    const retired = await service.call('PATCH', `/v1/training-programs/${id}`, { status: 'retired' });
    expect(retired.body).toMatchObject({ status: 'retired', version: 2 });
    expect((await ada.call('GET', `/v1/training-programs/${id}`)).status).toBe(404);
    expect(idsIn(await ada.call('GET', '/v1/training-programs'))).not.toContain(id);
    expect(idsIn(await mia.call('GET', '/v1/training-programs?status=retired'))).toContain(id);
    expect((await assign(id, { memberIds: [ada.id] })).status).toBe(409);
  });

  it('hold one to fifty modules, each key once', async () => {
    const of = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ key: `m${String(index)}`, name: 'M' }));
    const post = async (those: object[]) =>
      (await service.call('POST', '/v1/training-programs', { name: 'P', modules: those })).status;
    expect(await post([])).toBe(400);
    expect(await post(of(51))).toBe(400);
    expect(await post([...of(1), ...of(1)])).toBe(400);
    expect(await post([{ key: 'A key', name: 'M\u0000', passScore: 101 }])).toBe(400);
    expect(await post(of(50))).toBe(201);
  });
});

describe('assigning', () => {
  it('gives a program to each member once a round, whoever asks how often', async () => {
    const { ada, bob } = people;
    const id = await program({ dueDays: 14 });
    await service.events();
    const first = await assign(id, { memberIds: [ada.id, bob.id] });
    expect(first.body.items).toMatchObject([
      { memberId: ada.id, dueOn: '2026-12-07', status: 'open', overdue: false },
      { memberId: bob.id },
    ]);
    expect(await service.events()).toHaveLength(2);
    const again = await assign(id, { memberIds: [bob.id, ada.id], dueOn: '2027-01-31' });
    expect(idsIn(again)).toEqual(idsIn(first).toReversed());
    expect(await service.events()).toEqual([]);
    const refresher = await assign(id, { memberIds: [ada.id], round: 2 });
    expect(idsIn(refresher)).not.toEqual(idsIn(first).slice(0, 1));
  });

  it('to a team gives it to all who are in the team today', async () => {
    const { north, ada, bob, mia } = people;
    const id = await program();
    const toTeam = await mia.call('POST', `/v1/training-programs/${id}/assignments`, { teamId: north });
    const members = (toTeam.body.items as { memberId: string }[]).map(({ memberId }) => memberId);
    expect(members.toSorted()).toEqual([ada.id, bob.id].toSorted());
  });

  it('is for whoever manages the member', async () => {
    const { mia, sam, ada, zoe, north } = people;
    const path = `/v1/training-programs/${await program()}/assignments`;
    expect((await ada.call('POST', path, { memberIds: [ada.id] })).status).toBe(403);
    expect((await mia.call('POST', path, { memberIds: [ada.id, zoe.id] })).status).toBe(404);
    expect((await mia.call('POST', path, { memberIds: [mia.id] })).status).toBe(403);
    expect((await sam.call('POST', path, { teamId: north })).status).toBe(403);
  });

  it('refuses too many, the unknown, the past, and nobody', async () => {
    const id = await program();
    const { ada, north } = people;
    const many = Array.from({ length: 101 }, (_, index) => derivedId(MemberId, String(index)));
    expect((await assign(id, { memberIds: many })).status).toBe(400);
    expect((await assign(id, { memberIds: [ada.id, ada.id] })).status).toBe(400);
    expect((await assign(id, {})).status).toBe(400);
    expect((await assign(id, { memberIds: [ada.id], teamId: north })).status).toBe(400);
    const ghost = await assign(id, { memberIds: [ada.id, derivedId(MemberId, 'ghost')] });
    expect(ghost).toMatchObject({ status: 422, body: { errors: [{ path: '/memberIds/1' }] } });
    const past = await assign(id, { memberIds: [ada.id], dueOn: '2026-11-22' });
    expect(past).toMatchObject({ status: 422, body: { errors: [{ path: '/dueOn' }] } });
  });
});

describe('an assignment', () => {
  it('is completed by its last module, with the mean score, and told of', async () => {
    const { ada, mia } = people;
    const programId = await program();
    const id = await assigned(programId, ada.id);
    await service.events();
    expect(await ada.call('POST', complete(id, 'shapes'), {})).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/score' }] },
    });
    const failed = await ada.call('POST', complete(id, 'shapes'), { score: 79 });
    expect(failed.body).toMatchObject({ status: 'open', modules: [{ attempts: [{ passed: false }] }, {}] });
    await mia.call('POST', complete(id, 'prices'), { score: 100 });
    const passed = await ada.call('POST', complete(id, 'shapes'), { score: 85 });
    expect(passed.body).toMatchObject({ status: 'completed', score: 92.5, completedOn: '2026-11-23' });
    const told = await service.events();
    expect(told.filter(({ detailType }) => detailType === 'TrainingCompleted.v1')).toMatchObject([
      { detail: { data: { assignmentId: id, programId, memberId: ada.id, score: 92.5 } } },
    ]);
    expect((await ada.call('POST', complete(id, 'shapes'), { score: 100 })).status).toBe(409);
    expect(await service.events()).toEqual([]);
  });

  it('is the member’s and the manager’s: to others it is not there', async () => {
    const { ada, bob, mia, sam } = people;
    const programId = await program();
    const id = await assigned(programId, ada.id);
    for (const someone of [bob, sam])
      expect((await someone.call('POST', complete(id, 'prices'), {}, { 'if-match': '"9"' })).status).toBe(
        404,
      );
    expect((await ada.call('POST', complete(id, 'nothing'), {})).status).toBe(404);
    expect((await ada.call('POST', complete(id, 'prices'), {}, { 'if-match': '"9"' })).status).toBe(412);
    const list = `/v1/training-programs/${programId}/assignments`;
    expect(idsIn(await mia.call('GET', list))).toEqual([id]);
    expect(idsIn(await sam.call('GET', list))).toEqual([]);
    expect(idsIn(await bob.call('GET', list))).toEqual([]);
    expect((await bob.call('GET', `/v1/training-assignments?memberId=${ada.id}`)).status).toBe(404);
    expect(idsIn(await ada.call('GET', '/v1/training-assignments'))).toContain(id);
  });

  it('keeps the modules that it began with', async () => {
    const { zoe } = people;
    const programId = await program();
    const id = await assigned(programId, zoe.id);
    await service.call('PATCH', `/v1/training-programs/${programId}`, { modules: [modules[1]] });
    const tried = await zoe.call('POST', complete(id, 'prices'), {});
    expect(tried.body).toMatchObject({ status: 'open', modules: [{ key: 'shapes' }, { key: 'prices' }] });
  });
});

describe('lists of assignments', () => {
  it('say what is overdue, of everyone one manages, page by page', async () => {
    const { mia, sam, ada, bob, zoe } = people;
    const [first, second] = [await program({ name: 'One' }), await program({ name: 'Two' })];
    const late = { dueOn: '2026-11-23' };
    const expected = [
      await assigned(first, ada.id, late),
      await assigned(first, bob.id, late),
      await assigned(second, ada.id, late),
    ];
    await assigned(second, bob.id, { dueOn: '2026-12-23' });
    const foreign = await assigned(second, zoe.id, late);
    const doneInTime = await assigned(first, zoe.id, late);
    await zoe.call('POST', complete(doneInTime, 'prices'), {});
    await zoe.call('POST', complete(doneInTime, 'shapes'), { score: 90 });
    expect(idsIn(await mia.call('GET', '/v1/training-assignments?overdue=true'))).toEqual([]);

    const before = service.clock.time;
    service.clock.time += 86_400_000;
    try {
      const found: string[] = [];
      let cursor = '';
      do {
        const page = await mia.call('GET', `/v1/training-assignments?overdue=true&limit=1${cursor}`);
        found.push(...idsIn(page));
        const { nextCursor } = page.body;
        cursor = typeof nextCursor === 'string' ? `&cursor=${encodeURIComponent(nextCursor)}` : '';
      } while (cursor !== '');
      expect(found.toSorted()).toEqual(expected.toSorted());
      expect(idsIn(await sam.call('GET', '/v1/training-assignments?overdue=true'))).toEqual([foreign]);
      const ofBob = await bob.call('GET', '/v1/training-assignments?overdue=true');
      expect(ofBob.body.items).toMatchObject([{ memberId: bob.id, overdue: true }]);
      const done = await service.call('GET', `/v1/training-programs/${first}/assignments?status=completed`);
      expect(idsIn(done)).toEqual([doneInTime]);
    } finally {
      service.clock.time = before;
    }
  });
});
