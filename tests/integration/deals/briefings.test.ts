import { afterAll, beforeAll, expect, it } from 'vitest';
import { listingRottingDeals } from '../../../services/deals/briefings/list-rotting-deals.ts';
import { rottingDealsEntity } from '../../../services/deals/store/rotting-deals.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { AgendaRequested } from '../../../shared/events/briefings.ts';
import { derivedId, EventId, MeetingId, RequestId, type TeamId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

const cause = { correlationId: 'test', actor: 'system' } as const;

it('a meeting is told of the deals of the team, and of the teams below, that stand still: the largest first, once', async () => {
  const made = async (name: string, ownerId: string, amount: number, startedAt: string) => {
    const body = { name, ownerId, amount: { amount, currency: 'USD' }, startedAt };
    const answer = await service.call('POST', '/v1/deals', body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return String(answer.body.id);
  };
  await made('small', ids.ada, 10_000, '2026-10-01T09:00:00Z');
  await made('large', ids.bob, 90_000, '2026-09-01T09:00:00Z');
  await made('of the other team', ids.carl, 50_000, '2026-10-01T09:00:00Z');
  await made('fresh', ids.ada, 70_000, '2026-11-20T09:00:00Z');
  const lost = await made('lost', ids.ada, 80_000, '2026-09-01T09:00:00Z');
  await service.call('POST', `/v1/deals/${lost}/lose`, { reason: 'price' });

  const list = listingRottingDeals({ table: service.table, directory: new Directory(service.table) });
  const ask = async (name: string, teamId: TeamId) => {
    const id = derivedId(RequestId, name);
    const data = AgendaRequested.data.parse({
      id,
      meetingId: derivedId(MeetingId, 'monday'),
      teamId,
      from: '2026-11-01',
      to: '2026-12-01',
    });
    const metadata = {
      id: derivedId(EventId, name),
      time: Instant.parse(NOW),
      subject: data.meetingId,
      version: 1,
      epoch: 0,
      ...cause,
    };
    const outcome = await list({ event: { detailType: AgendaRequested.detailType, metadata, data }, cause });
    return { outcome, answer: await new Repository(service.table, rottingDealsEntity, cause).get(id) };
  };
  const { outcome, answer } = await ask('northeast', ids.northeast);
  expect(outcome).toBe('done');
  expect(answer.deals).toMatchObject([
    { name: 'large', ownerId: ids.bob, amount: { amount: 90_000 }, stage: 'prospecting', days: 83 },
    { name: 'small', ownerId: ids.ada, days: 53 },
  ]);
  expect((await ask('northeast', ids.northeast)).outcome).toBe('duplicate');
  const whole = await ask('east', ids.east);
  expect(whole.answer.deals.map(({ name }) => name)).toEqual(['large', 'of the other team', 'small']);
});
