import { afterAll, beforeAll, expect, test } from 'vitest';
import { listingGoalsAtRisk } from '../../../services/goals/briefings/list-goals-at-risk.ts';
import { goalsAtRiskEntity } from '../../../services/goals/store/goals-at-risk.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { AgendaRequested } from '../../../shared/events/briefings.ts';
import { derivedId, EventId, MeetingId, RequestId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { memberId, teamId } from '../../unit/goals/goal.fixture.ts';
import { bucket, salesService } from './sales.fixture.ts';

let dynoxide: Dynoxide;
beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(() => dynoxide.stop());

const cause = { correlationId: 'test', actor: 'system' } as const;
const now = Instant.parse('2026-11-16T00:00:00Z');

test('a meeting is told of the goals at risk or behind, of the team, the teams below and their reps, once', async () => {
  const table = await dynoxide.table({ clock: { now: () => now } });
  const sales = await salesService(table);
  await sales.keep(bucket(1, { wonRevenue: 300_000, wonDeals: 3 }));
  const set = async (body: object) =>
    sales.call('POST', '/v1/goals', { scope: `rep:${memberId('Marco')}`, period: '2026-11', ...body });
  const money = (amount: number) => ({ kpi: 'wonRevenue', target: { amount, currency: 'USD' } });
  // Half of the month has gone by: 300,000 are ahead of 500,000, at risk for 700,000, and behind for a million.
  await set({ name: 'easy', ...money(500_000) });
  await set({ name: 'at risk', ...money(700_000) });
  await set({ name: 'behind', ...money(1_000_000) });
  await set({ name: 'over', period: '2026-10', ...money(1_000_000) });
  const cancelled = await set({ name: 'cancelled', ...money(1_000_000) });
  await sales.call('DELETE', `/v1/goals/${String(cancelled.body.id)}`);
  await set({ name: 'of the organization', scope: 'org', ...money(1_000_000) });

  const list = listingGoalsAtRisk({ table, directory: new Directory(table) });
  const ask = async (name: string, team: string) => {
    const id = derivedId(RequestId, name);
    const data = AgendaRequested.data.parse({
      id,
      meetingId: derivedId(MeetingId, 'monday'),
      teamId: teamId(team),
      from: '2026-11-01',
      to: '2026-12-01',
    });
    const metadata = {
      id: derivedId(EventId, name),
      time: now,
      subject: data.meetingId,
      version: 1,
      epoch: 0,
      ...cause,
    };
    const outcome = await list({ event: { detailType: AgendaRequested.detailType, metadata, data }, cause });
    return { outcome, answer: await new Repository(table, goalsAtRiskEntity, cause).get(id) };
  };
  const { outcome, answer } = await ask('above', 'Sales');
  expect(outcome).toBe('done');
  expect(answer).toMatchObject({
    requestId: answer.id,
    meetingId: derivedId(MeetingId, 'monday'),
    asOf: now,
  });
  expect(answer.goals).toMatchObject([
    { name: 'behind', paceStatus: 'behind', percent: 30, value: 300_000, target: 1_000_000, currency: 'USD' },
    { name: 'at risk', paceStatus: 'atRisk', scope: `rep:${memberId('Marco')}` },
  ]);
  expect((await ask('above', 'Sales')).outcome).toBe('duplicate');
  expect((await ask('elsewhere', 'Nowhere')).answer.goals).toEqual([]);
});
