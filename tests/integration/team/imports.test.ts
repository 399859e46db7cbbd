import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTeamService, TODAY, type TeamService } from './team-service.ts';

let service: TeamService;
beforeEach(async () => {
  service = await startTeamService();
});
afterEach(async () => {
  await service.stop();
});

const FILE = `rep,boss,region
Rosa Bianchi,Eva Rossi,South
Marco Bruno,Eva Rossi,South
"Leo
Greco",Ida Conti,North
`;
const REQUEST = {
  csv: FILE,
  columns: { name: 'rep', team: 'boss', manager: 'boss', territory: 'region' },
  createMissing: ['teams', 'territories', 'members'],
};

const start = async (body: object, headers?: Record<string, string>) =>
  service.call('POST', '/v1/imports/members', body, headers === undefined ? {} : { headers });

const report = async (id: unknown, query = '') =>
  (await service.call('GET', `/v1/imports/members/${String(id)}${query}`)).body;

const nextCursorOf = ({ nextCursor }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof nextCursor === 'string' ? nextCursor : undefined;

const finished = async (body: object) => {
  const started = await start(body);
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  const events = await service.runImports();
  return { report: await report(started.body.id), events };
};

const listed = async (list: string) =>
  (await service.call('GET', `/v1/${list}?limit=200`)).body.items as Record<string, unknown>[];

describe('an import of members', () => {
  it('makes members, their teams under their managers, and territories', async () => {
    const started = await start(REQUEST);
    expect(started).toMatchObject({ status: 202, body: { status: 'queued', rows: 3, done: 0, errors: [] } });
    const events = await service.runImports();
    expect(await report(started.body.id)).toMatchObject({
      status: 'succeeded',
      rows: 3,
      done: 3,
      created: 3,
      rejected: 0,
    });

    const [members, teams, territories] = [
      await listed('members'),
      await listed('teams'),
      await listed('territories'),
    ];
    const eva = members.find(({ name }) => name === 'Eva Rossi');
    const team = teams.find(({ name }) => name === 'Eva Rossi');
    expect(eva).toMatchObject({ role: 'manager', teamId: team?.id });
    expect(team).toMatchObject({ managerId: eva?.id });
    const south = territories.find(({ name }) => name === 'South');
    expect(members.find(({ name }) => name === 'Rosa Bianchi')).toMatchObject({
      role: 'rep',
      territoryIds: [south?.id],
      memberships: [{ teamId: team?.id, from: TODAY }],
    });
    expect(members.map(({ name }) => name)).toContain('Leo Greco');
    expect(Object.groupBy(events, ({ detailType }) => detailType)).toMatchObject({
      'MemberAdded.v1': { length: 5 },
      'TeamChanged.v1': { length: 2 },
      'TerritoryChanged.v1': { length: 2 },
    });
  });

  it('changes nothing when the file comes again, and says so', async () => {
    await finished(REQUEST);
    const again = await finished(REQUEST);
    expect(again.report).toMatchObject({
      status: 'succeeded',
      created: 0,
      updated: 0,
      unchanged: 3,
      rejected: 0,
    });
    expect(again.events).toEqual([]);
  });

  it('changes nothing in a dry run, and counts what it would do', async () => {
    const dry = await finished({ ...REQUEST, dryRun: true });
    expect(dry).toMatchObject({ report: { status: 'succeeded', dryRun: true, created: 3 }, events: [] });
    expect(await listed('members')).toEqual([]);
  });

  it('is one job for one idempotency key', async () => {
    const headers = { 'idempotency-key': 'monday' };
    const first = await start(REQUEST, headers);
    await service.runImports();
    const again = await start(REQUEST, headers);
    expect(again).toMatchObject({ status: 202, body: { id: first.body.id, status: 'succeeded' } });
    const other = await start({ ...REQUEST, dryRun: true }, headers);
    expect(other.status).toBe(422);
  });

  it('rejects bad rows, each with its line, column and reason, and takes the others in', async () => {
    const { report: answer } = await finished({
      csv: [
        'name,email,team,manager,role,startedOn',
        'Good,good@pastapro.example,Sales,,rep,2026-01-01',
        '"Two',
        'lines",not-an-address,,,,',
        'Chief,,,,emperor,',
        'Late,,,,,2026-02-30',
        ',,,,rep,',
        'Short,row',
        'Lost,,Nowhere,,,',
      ].join('\r\n'),
      createMissing: ['teams'],
    });
    expect(answer).toMatchObject({ status: 'succeeded', rows: 7, created: 2, rejected: 5 });
    expect(answer.errors).toMatchObject([
      { line: 3, column: 'email', message: expect.stringContaining('“not-an-address”') as string },
      { line: 5, column: 'role' },
      { line: 6, column: 'startedOn' },
      { line: 7, column: 'name', message: expect.stringContaining('is empty') as string },
      { line: 8, message: expect.stringContaining('2 cells where the header has 6') as string },
    ]);
  });

  it('waits for a manager further down, and rejects one who never comes', async () => {
    const job = await start({
      csv: 'name,team,manager\nRosa,Sales,Eva\nMarco,Help,Nobody\nEva,Sales,\n',
      createMissing: ['teams'],
    });
    const working = service.runImports();
    // The grace ends by the organization's clock, not by the test's patience.
    service.clock.time += 21_000;
    await working;
    expect(await report(job.body.id)).toMatchObject({
      status: 'succeeded',
      created: 2,
      rejected: 1,
      errors: [{ line: 3, column: 'manager', message: 'there is no manager “Nobody”' }],
    });
  });

  it('reports 10,000 bad rows, page by page, in the order of the file', async () => {
    const csv = [
      'name,role',
      ...Array.from({ length: 10_000 }, (_, index) => `Member ${String(index)},emperor`),
    ].join('\n');
    const job = await start({ csv });
    await service.runImports();
    const lines: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await report(
        job.body.id,
        `?limit=200${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page).toMatchObject({ status: 'succeeded', rejected: 10_000 });
      lines.push(...(page.errors as { line: number }[]).map(({ line }) => line));
      cursor = nextCursorOf(page);
    } while (cursor !== undefined);
    expect(lines).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 2));
    expect(await listed('members')).toEqual([]);
  });

  it('refuses a file that can’t be one, before anything is stored', async () => {
    const refused = async (body: object) => {
      const { status, body: problem } = await start(body);
      return [status, String(problem.detail), problem.errors];
    };
    expect(await refused({ csv: '\uFFFD\uFFFDn\0a\0m\0e\0' })).toEqual([
      422,
      expect.stringContaining('UTF-16'),
      undefined,
    ]);
    expect(await refused({ csv: 'name\nRos\uFFFD' })).toEqual([
      422,
      expect.stringContaining('line 2, byte 8'),
      undefined,
    ]);
    expect(await refused({ csv: 'name,name\nRosa,Rosa' })).toEqual([
      422,
      expect.stringContaining('more than once'),
      undefined,
    ]);
    expect(await refused({ csv: 'who,what\nRosa,rep' })).toEqual([
      422,
      expect.stringContaining('“who”, “what”'),
      [{ path: '/columns/name', message: expect.any(String) as string }],
    ]);
    expect(await refused({ csv: 'name,role\n"Rosa,rep\n' })).toEqual([
      422,
      expect.stringContaining('never closed'),
      undefined,
    ]);
    expect(await refused({ csv: '\n\n' })).toEqual([422, expect.stringContaining('empty'), undefined]);
    expect(await refused({ csv: `name\n${'x'.repeat(3 * 1024 * 1024)}` })).toEqual([
      413,
      expect.any(String),
      undefined,
    ]);
    expect((await start({ csv: 'name\n', columns: { salary: 'x' } })).status).toBe(400);
    expect((await start({ csv: 'name\n', createMissing: ['castles'] })).status).toBe(400);
    expect(await service.events()).toEqual([]);
  });

  it('is found under its own kind only', async () => {
    expect((await service.call('GET', '/v1/imports/members/imp_01JD0000000000000000000000')).status).toBe(
      404,
    );
  });
});

it('says beforehand which members a file would make or change', async () => {
  await finished(REQUEST);
  const csv = FILE.replace(
    'Marco Bruno,Eva Rossi,South',
    'Marco Bruno,Eva Rossi,North\nNew Rep,Eva Rossi,South',
  );
  const { report: foreseen } = await finished({ ...REQUEST, csv, dryRun: true });
  expect(foreseen).toMatchObject({
    created: 1,
    updated: 1,
    unchanged: 2,
    preview: [
      { line: 3, outcome: 'updated', changes: ['territoryIds'] },
      { line: 4, outcome: 'created' },
    ],
  });
});
