import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertNotErased, newCandidate } from '../../../services/team/domain/candidate.ts';
import { PersonalKeys } from '../../../services/team/audit/personal-keys.ts';
import { Candidates } from '../../../services/team/store/candidates.ts';
import { Members } from '../../../services/team/store/members.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { type MemberState, MemberAdded } from '../../../shared/events/team.ts';
import { CandidateId, derivedId, ImportId, MemberId } from '../../../shared/ids/id.ts';
import { importEntity } from '../../../shared/imports/storage.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { type PrivacySystem, startPrivacySystem } from './privacy-system.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const at = Instant.parse('2026-11-23T09:30:00Z');
const rosa = derivedId(MemberId, 'rosa');
const member: MemberState = {
  id: rosa,
  name: 'Rosa Conti',
  email: 'rosa@example.com',
  role: 'rep',
  status: 'departed',
  memberships: [],
  territoryIds: [],
  departedOn: Day.parse('2026-11-20'),
  rampMonths: 3,
  absences: [{ from: Day.parse('2026-10-01'), until: Day.parse('2026-10-09') }],
};

let system: PrivacySystem;
beforeEach(async () => {
  system = await startPrivacySystem();
});
afterEach(async () => system.stop());

const add = async (state: MemberState = member) => {
  await new Members(system.tables.team, cause).create(state, MemberAdded);
  await system.settle();
};

const ask = async (action: string, id: string = rosa, kind = 'member') =>
  system.call('POST', `/v1/privacy/${kind}/${id}/${action}`);

/** What a request came to, once everybody has answered. */
const outcome = async (
  action: string,
  { id = rosa, kind = 'member', times = 1 }: { id?: string; kind?: string; times?: number } = {},
) => {
  const asked = await ask(action, id, kind);
  expect(asked.status).toBe(202);
  await system.settle(times);
  return (await system.call('GET', `/v1/privacy/jobs/${String(asked.body.id)}`)).body;
};

const importFile = (status: string, text: string, name: string) => {
  const id = derivedId(ImportId, name);
  const job = {
    id,
    kind: 'members',
    status,
    dryRun: false,
    columns: {},
    values: {},
    createMissing: [],
    file: `imports/team/${id}/hash.csv`,
    rows: 1,
    done: 1,
    created: 1,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    nextLine: 2,
    deferred: [],
    createdAt: at,
  };
  system.objects.set(`bucket/${job.file}`, text);
  return { job: importEntity.schema.parse(job), key: `bucket/${job.file}` };
};

describe('erasing a member who has departed', () => {
  test('takes name, address and absences out of every service, and leaves the numbers', async () => {
    await add();
    const job = await outcome('erase');
    expect(job).toMatchObject({
      status: 'succeeded',
      services: {
        team: { status: 'succeeded', counts: { members: 1 } },
        deals: { status: 'succeeded' },
        goals: { status: 'succeeded' },
        metrics: { status: 'succeeded' },
      },
    });
    const left = await new Members(system.tables.team, cause).get(rosa);
    expect(left).toMatchObject({
      name: `Former member ${rosa.slice(-4)}`,
      rampMonths: 3,
      departedOn: '2026-11-20',
    });
    for (const service of ['team', 'deals', 'goals', 'metrics'] as const)
      expect(await system.contents(service)).not.toMatch(/rosa conti|rosa@example|2026-10-09/i);
    for (const service of ['deals', 'goals', 'metrics'] as const)
      expect(await new Directory(system.tables[service]).member(rosa)).toMatchObject({ name: left.name });
  });

  test('frees the address, and destroys the key of the audit', async () => {
    await add();
    const keys = new PersonalKeys(system.tables.team);
    await keys.forWriting([rosa]);
    await outcome('erase');
    expect(await keys.find(rosa)).toBeUndefined();
    const heir = { ...member, id: derivedId(MemberId, 'another') };
    await expect(new Members(system.tables.team, cause).create(heir, MemberAdded)).resolves.toBeDefined();
  });

  test('deletes the files of imports and exports, and parked records, that name the person, and no others', async () => {
    await add();
    const mine = importFile('succeeded', 'name,email\nrosa CONTI,x@example.com\n', 'one');
    const others = importFile('succeeded', 'name,email\nRosanna Contini,y@example.com\n', 'two');
    const imports = new Repository(system.tables.team, importEntity, cause);
    for (const { job } of [mine, others]) await imports.create(job, []);
    system.objects.set('bucket/parked/deals/2026-11-20/a.json', JSON.stringify({ to: 'rosa@example.com' }));
    system.objects.set('bucket/parked/deals/2026-11-20/b.json', JSON.stringify({ to: 'ada@example.com' }));
    system.objects.set(
      'bucket/deliveries/deals/store/dlv/a.json',
      JSON.stringify({ email: 'rosa@example.com' }),
    );
    system.objects.set('bucket/downloads/deals/exp/contacts.csv', 'name\nRosa Conti\n');
    system.objects.set('bucket/parked/metrics/2026-11-20/c.json', JSON.stringify({ ownerId: rosa }));
    const job = await outcome('erase');
    expect(job).toMatchObject({
      services: {
        team: { counts: { importFiles: 1 } },
        deals: { counts: { parkedRecords: 1, deliveryFiles: 1, exportFiles: 1 } },
        metrics: { counts: { parkedRecords: 1 } },
      },
    });
    expect([...system.objects.keys()]).toEqual([others.key, 'bucket/parked/deals/2026-11-20/b.json']);
  });

  test('looks through more files than one page holds', async () => {
    await add();
    for (let n = 0; n < 95; n += 1)
      system.objects.set(
        `bucket/parked/goals/2026-11-20/${String(n).padStart(3, '0')}.json`,
        n % 2 === 0 ? rosa : 'ada',
      );
    const job = await outcome('erase');
    expect(job).toMatchObject({ services: { goals: { counts: { parkedRecords: 48 } } } });
    expect(system.objects.size).toBe(47);
  });

  test('leaves the file of an import that is still running, and says so', async () => {
    await add();
    const { job, key } = importFile('running', 'Rosa Conti', 'one');
    await new Repository(system.tables.team, importEntity, cause).create(job, []);
    expect(await outcome('erase')).toMatchObject({ services: { team: { counts: { importFilesInUse: 1 } } } });
    expect(system.objects.has(key)).toBe(true);
  });

  test('takes the person’s rows out of the report of an import', async () => {
    await add();
    const { job } = importFile('succeeded', 'Rosa Conti', 'one');
    await new Repository(system.tables.team, importEntity, cause).create(job, []);
    const errors = [{ line: 2, column: 'manager', message: 'there is no member Rosa Conti' }];
    const { pk } = importEntity.key(job.id);
    await system.tables.team.put({ pk, sk: 'errors#000000002#1', type: 'import-errors', errors });
    expect(await outcome('erase')).toMatchObject({ services: { team: { counts: { importReports: 1 } } } });
    expect((await system.tables.team.query({ pk, skPrefix: 'errors#' })).items).toEqual([]);
  });

  test('a second time finds nothing left, and every event may come twice', async () => {
    await add();
    await outcome('erase', { times: 2 });
    const { version } = await new Members(system.tables.team, cause).get(rosa);
    expect(version).toBe(2);
    const again = await outcome('erase', { times: 3 });
    expect(again).toMatchObject({ status: 'succeeded', services: { team: { counts: { members: 0 } } } });
    expect((await new Members(system.tables.team, cause).get(rosa)).version).toBe(2);
  });
});

describe('who can’t be erased', () => {
  test('someone who works here', async () => {
    await add({ ...member, status: 'active' });
    expect(await ask('erase')).toMatchObject({ status: 409 });
    expect(await ask('export')).toMatchObject({ status: 202 });
  });

  test('someone unknown, a contact, and anything else', async () => {
    expect(await ask('erase', derivedId(MemberId, 'nobody'))).toMatchObject({ status: 404 });
    expect(await ask('erase', 'nonsense')).toMatchObject({ status: 404 });
    expect(await ask('erase', derivedId(CandidateId, 'nobody'), 'candidate')).toMatchObject({ status: 404 });
    expect(await ask('erase', 'con_1', 'contact')).toMatchObject({ status: 422 });
    expect((await ask('erase', rosa, 'team')).status).toBe(400);
  });

  test('anyone, by someone who is no admin', async () => {
    await add();
    const claims = { member_id: derivedId(MemberId, 'boss'), role: 'manager', scope: 'sales/admin' };
    const path = `/v1/privacy/member/${rosa}/erase`;
    expect(await system.call('POST', path, undefined, { claims })).toMatchObject({ status: 403 });
  });
});

test('a member is erased as the candidate, too, and exported as both', async () => {
  await add();
  const id = derivedId(CandidateId, 'rosa');
  const details = { id, name: 'Rosa Conti', email: 'rosa.private@example.com', role: 'Account executive' };
  const candidates = new Candidates(system.tables.team, cause);
  const applied = newCandidate(details, { at, by: 'system' });
  const hired = { ...applied, stage: 'hired' as const, memberId: rosa };
  await candidates.create(hired, { idempotencyKey: undefined, requestHash: '' });
  const told = await outcome('export', { times: 2 });
  const file = JSON.parse(system.objects.get(`bucket/privacy/${String(told.id)}/team.json`) ?? '') as unknown;
  expect(file).toMatchObject({ member: { id: rosa }, candidate: { email: 'rosa.private@example.com' } });
  expect(await outcome('erase')).toMatchObject({
    services: { team: { counts: { members: 1, candidates: 1 } } },
  });
  expect(await system.contents('team')).not.toMatch(/rosa\.private/);
  const erased = await candidates.get(id);
  expect(() => {
    assertNotErased(erased);
  }).toThrow('has been erased');
});

test('a candidate is erased to what says nothing of the person', async () => {
  const id = derivedId(CandidateId, 'livia');
  const details = {
    id,
    name: 'Livia Serra',
    email: 'livia@example.com',
    phone: '+39 06 1',
    role: 'Account executive',
  };
  const candidates = new Candidates(system.tables.team, cause);
  const livia = newCandidate(details, { at, by: 'system' });
  const notes = [{ text: 'Livia knows every trattoria', at, by: 'system' as const }];
  await candidates.create({ ...livia, notes }, { idempotencyKey: undefined, requestHash: '' });
  const job = await outcome('erase', { id, kind: 'candidate' });
  expect(job).toMatchObject({ status: 'succeeded', services: { team: { counts: { candidates: 1 } } } });
  expect(await system.contents('team')).not.toMatch(/livia|serra|trattoria|\+39/i);
  expect(await candidates.get(id)).toMatchObject({ stage: 'applied', role: 'Account executive' });
});

test('an export says what each service holds, by links that end', async () => {
  await add();
  const job = await outcome('export', { times: 2 });
  expect(job).toMatchObject({ status: 'succeeded' });
  const file = (service: string) =>
    JSON.parse(system.objects.get(`bucket/privacy/${String(job.id)}/${service}.json`) ?? '') as unknown;
  expect(file('team')).toMatchObject({ member: { name: 'Rosa Conti', email: 'rosa@example.com' } });
  expect(file('deals')).toMatchObject({ member: { name: 'Rosa Conti' }, deals: [] });
  expect(file('goals')).toMatchObject({ goals: [], alerts: [] });
  expect(file('metrics')).toMatchObject({ member: { name: 'Rosa Conti' } });
  for (const service of ['team', 'deals', 'goals', 'metrics'])
    expect(job).toHaveProperty(
      `files.${service}`,
      expect.stringMatching(new RegExp(`/privacy/${String(job.id)}/${service}\\.json\\?.*X-Amz-Expires=900`)),
    );
});
