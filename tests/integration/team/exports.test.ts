import { afterAll, beforeAll, expect, it } from 'vitest';
import { memberExportHandler } from '../../../services/team/exports/member-export.ts';
import { memberImportHandler } from '../../../services/team/store/member-import.ts';
import { TeamJobAdvanced } from '../../../shared/events/team.ts';
import { exportJob, jobOfExport } from '../../../shared/exports/job.ts';
import { derivedId, ExportId, ImportId } from '../../../shared/ids/id.ts';
import { csvRecords } from '../../../shared/imports/csv.ts';
import { mapColumns, readRow } from '../../../shared/imports/mapping.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { runJob } from '../../support/run-jobs.ts';
import { startTeamService, type TeamService } from './team-service.ts';

let service: TeamService;
beforeAll(async () => {
  service = await startTeamService();
  const made = async (path: string, body: object) => {
    const { status, body: answer } = await service.call('POST', path, body);
    expect(status, JSON.stringify(answer)).toBe(201);
    return String(answer.id);
  };
  const managerId = await made('/v1/members', {
    name: 'Giulia Conti',
    role: 'manager',
    email: 'giulia@p.example',
  });
  const teamId = await made('/v1/teams', { name: 'East', managerId });
  const territoryIds = [await made('/v1/territories', { name: 'Atlantic' })];
  await made('/v1/members', { name: 'Ada Marsh', teamId, territoryIds, startedOn: '2026-01-05' });
  await made('/v1/members', { name: 'Ada Marsh', role: 'admin' });
  const gone = await made('/v1/members', { name: '=Left', teamId });
  const departed = await service.call('POST', `/v1/members/${gone}/depart`, {
    on: '2026-11-01',
    reassignTo: managerId,
  });
  expect(departed.status, JSON.stringify(departed.body)).toBe(200);
});
afterAll(async () => service.stop());

const clock = () => ({ now: () => instantFrom(service.clock.time) });

const exported = async (filters: object = {}): Promise<string> => {
  const { table, files, call } = service;
  const started = await call('POST', '/v1/exports/members', filters);
  expect(started, JSON.stringify(started.body)).toMatchObject({ status: 202, body: { status: 'queued' } });
  const id = ExportId.parse(started.body.id);
  const storage = { s3: files.s3, bucket: 'bucket', service: 'team' } as const;
  await runJob(jobOfExport(id), {
    table,
    clock: clock(),
    advanced: TeamJobAdvanced,
    handlers: [exportJob(storage, memberExportHandler(table))],
  });
  const { body } = await call('GET', `/v1/exports/members/${id}`);
  expect(body).toMatchObject({ status: 'succeeded', url: expect.stringContaining('members.csv') as string });
  return files.objects.get(`bucket/downloads/team/${id}/members.csv`) ?? '';
};

const importedAgain = async (text: string) => {
  const handler = memberImportHandler(service.table);
  const rows = [];
  let mapping;
  for await (const record of csvRecords([text])) {
    if (mapping === undefined) mapping = mapColumns(handler.kind, record.cells, {});
    else rows.push(readRow(mapping, record));
  }
  const importRows = await handler.open({
    importId: derivedId(ImportId, 'again'),
    dryRun: true,
    createMissing: new Set(),
    cause: { correlationId: 'test', actor: 'system' },
    clock: clock(),
  });
  return (await importRows(rows.filter((row) => 'cells' in row))).map(({ outcome }) => outcome);
};

it('members come out with their teams, and change nothing when they are imported again', async () => {
  const text = await exported();
  // Of two that are called the same, ids tell which is which; one who left is no reason to refuse the file.
  expect(await importedAgain(text)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
  expect(text).toContain("'=Left");
  expect((await importedAgain(text.replaceAll('Ada Marsh', 'Ada Moor'))).sort()).toEqual([
    'unchanged',
    'unchanged',
    'updated',
    'updated',
  ]);
});

it('members who are there come out alone where that is asked for', async () => {
  expect((await exported({ status: 'active' })).trim().split('\n')).toHaveLength(4);
});
