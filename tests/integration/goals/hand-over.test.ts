import { afterAll, beforeAll, expect, test } from 'vitest';
import { handOver } from '../../../services/goals/follow-ups/hand-over.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { GoalsJobAdvanced } from '../../../shared/events/goals.ts';
import { MemberDeparted } from '../../../shared/events/team.ts';
import { handOverId, startHandOver } from '../../../shared/hand-over/job.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { delivered, runJob } from '../../support/run-jobs.ts';
import { directoryOf, memberId } from '../../unit/goals/goal.fixture.ts';
import { type SalesService, salesService } from './sales.fixture.ts';

let dynoxide: Dynoxide;
let table: Table;
let sales: SalesService;
beforeAll(async () => {
  dynoxide = await startDynoxide();
  table = await dynoxide.table();
  sales = await salesService(table);
});
afterAll(() => dynoxide.stop());

const set = async (name: string, more: object = {}): Promise<string> => {
  const scope = `rep:${memberId('Marco')}`;
  const target = { amount: 1_000_000, currency: 'USD' };
  const body = { name, scope, kpi: 'wonRevenue', period: '2026-11', target, ...more };
  const answer = await sales.call('POST', '/v1/goals', body);
  expect(answer.status).toBe(201);
  return String(answer.body.id);
};
const shown = async (id: string) => (await sales.call('GET', `/v1/goals/${id}`)).body;

test('a departed member’s active goals go to the heir, who is told of them once; others are watched no more', async () => {
  const [marco, heir] = [
    memberId('Marco'),
    directoryOf()
      .members()
      .find(({ name }) => name !== 'Marco'),
  ];
  if (heir === undefined) throw new Error('the directory knows nobody else');
  const own = await set('Own');
  const cancelled = await set('Given up');
  await sales.call('DELETE', `/v1/goals/${cancelled}`);
  const watched = await set('Watched', { ownerId: heir.id, watcherIds: [marco, heir.id] });
  const before = await shown(cancelled);

  const clock = { now: () => sales.time.now };
  const handlers = [handOver({ table, directory: new Directory(table) })];
  const departed = { ...directoryOf().member(marco), status: 'departed', reassignTo: heir.id };
  const turn = async () => {
    const message = delivered(MemberDeparted, { subject: marco, data: departed, version: 2 });
    await startHandOver({ table, advanced: GoalsJobAdvanced, clock })(message);
    return runJob(handOverId(marco), { table, clock, advanced: GoalsJobAdvanced, handlers });
  };
  expect(await turn()).toMatchObject({ status: 'succeeded', counts: { goals: 2 } });
  expect(await shown(own)).toMatchObject({ ownerId: heir.id, version: 2 });
  expect(await shown(watched)).toMatchObject({ watcherIds: [heir.id], version: 2 });
  expect(await shown(cancelled)).toEqual(before);

  await turn();
  expect(await shown(own)).toMatchObject({ version: 2 });
});
