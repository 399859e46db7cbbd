import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreRecord, storeEntity } from '../../../services/deals/commerce/entities.ts';
import { handOver } from '../../../services/deals/follow-ups/hand-over.ts';
import { openLeadsOf } from '../../../services/deals/leads/route-lead.ts';
import { reattribute } from '../../../services/deals/follow-ups/reattribute.ts';
import { followDay, followTransfer } from '../../../services/deals/follow-ups/transfers.ts';
import { dealEntity } from '../../../services/deals/store/entities.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import {
  DayBegan,
  MemberAdded,
  MemberDeparted,
  type MemberState,
  MemberTransferred,
} from '../../../shared/events/team.ts';
import { handOverId, startHandOver } from '../../../shared/hand-over/job.ts';
import { derivedId, JobId, MemberId, StoreId } from '../../../shared/ids/id.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { Day, Instant, instantFrom } from '../../../shared/time/instant.ts';
import { delivered, runJob } from '../../support/run-jobs.ts';
import { as, ids, members, NOW, type SellingService, startSellingService, tell } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const worth = { amount: 100_000, currency: 'USD' };

let service: SellingService;
beforeEach(async () => {
  service = await startSellingService();
});
afterEach(async () => service.stop());

const parts = () => {
  const { table } = service;
  const clock = { now: () => instantFrom(service.clock.time) };
  const directory = new Directory(table);
  return {
    table,
    clock,
    directory,
    advanced: DealsJobAdvanced,
    handlers: [handOver, reattribute].map((make) => make({ table, directory })),
  };
};

const made = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status).toBe(201);
  return String(answer.body.id);
};
const dealOf = async (ownerId: MemberId, more: object = {}): Promise<string> =>
  made('/v1/deals', { name: 'Autumn menu', ownerId, amount: worth, ...more });
const shown = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;

/** As the team service does: the copy hears of it, and so does the job's queue. */
const depart = async (member: MemberState, reassignTo?: MemberId): Promise<void> => {
  const data = { ...member, status: 'departed', departedOn: '2026-11-23', reassignTo };
  await tell(service.table, MemberDeparted, member.id, data, 2);
  await startHandOver(parts())(delivered(MemberDeparted, { subject: member.id, data, version: 2 }));
};
const run = async (id: string, betweenTurns?: () => Promise<unknown>) =>
  runJob(id, { ...parts(), ...(betweenTurns && { betweenTurns }) });

describe('handing over the work of a departed member', () => {
  it('gives open deals, accounts and stores to the heir, and leaves what was earned', async () => {
    const account = await made('/v1/accounts', { name: 'Trattoria Rossi', ownerId: ids.ada });
    const foreign = await made('/v1/accounts', { name: 'Osteria Blu', ownerId: ids.bob });
    const open = await dealOf(ids.ada, { accountId: account });
    const won = await dealOf(ids.ada);
    await service.call('POST', `/v1/deals/${won}/win`, {});
    const shared = await dealOf(ids.ada, {
      splits: [
        { memberId: ids.ada, basisPoints: 6_000 },
        { memberId: ids.bob, basisPoints: 4_000 },
      ],
    });
    const stores = new Repository(service.table, storeEntity, cause);
    const at = Instant.parse(NOW);
    const shop = { name: 'Shop', platform: 'shopify', currency: 'USD', ownerId: ids.ada, createdAt: at };
    const store = await stores.create(StoreRecord.parse({ id: derivedId(StoreId, 'shop'), ...shop }), []);
    const before = await shown(won);

    await depart(members.ada, ids.carl);
    const job = await run(handOverId(ids.ada));
    expect(job).toMatchObject({ status: 'succeeded', counts: { deals: 2, accounts: 1, stores: 1 } });

    expect(await shown(open)).toMatchObject({
      ownerId: ids.carl,
      attribution: { credits: [{ memberId: ids.carl, teamPath: [ids.southeast, ids.east] }] },
    });
    expect(await shown(won)).toEqual(before);
    // Shares were agreed, whoever looks after the deal.
    expect(await shown(shared)).toMatchObject({
      ownerId: ids.carl,
      splits: [{ memberId: ids.ada }, { memberId: ids.bob }],
      attribution: { credits: [{ memberId: ids.ada }, { memberId: ids.bob }] },
    });
    expect((await service.call('GET', `/v1/accounts/${account}`)).body).toMatchObject({ ownerId: ids.carl });
    expect((await service.call('GET', `/v1/accounts/${foreign}`)).body).toMatchObject({ ownerId: ids.bob });
    expect(await stores.get(store.id)).toMatchObject({ ownerId: ids.carl });
  });

  it('gives what is planned to the heir, however much it is, and leaves what was done', async () => {
    const account = await made('/v1/accounts', { name: 'Trattoria Rossi' });
    const planned = { kind: 'task', ownerId: ids.ada, accountId: account };
    const tasks: string[] = [];
    for (let n = 0; n < 30; n += 1) tasks.push(await made('/v1/activities', planned));
    const call = await made('/v1/activities', { ...planned, kind: 'call' });
    await depart(members.ada, ids.carl);
    expect(await run(handOverId(ids.ada))).toMatchObject({ status: 'succeeded', counts: { tasks: 30 } });
    const activity = async (id: string) => (await service.call('GET', `/v1/activities/${id}`)).body;
    for (const id of tasks)
      expect(await activity(id)).toMatchObject({ ownerId: ids.carl, teamId: ids.southeast, version: 2 });
    expect(await activity(call)).toMatchObject({ ownerId: ids.ada, version: 1 });
  });

  it('gives open leads to the heir, who has them from then on, and leaves closed ones', async () => {
    const lead = async () => made('/v1/leads', { name: 'Livia', ownerId: ids.ada });
    const [fresh, worked, closed] = [await lead(), await lead(), await lead()];
    await service.call('PATCH', `/v1/leads/${worked}`, { status: 'working' });
    await service.call('POST', `/v1/leads/${closed}/disqualify`, { reason: 'spam' });
    await depart(members.ada, ids.carl);
    const job = await run(handOverId(ids.ada));
    expect(job).toMatchObject({ status: 'succeeded', counts: { leads: 2 } });
    const ownerOf = async (id: string) => (await service.call('GET', `/v1/leads/${id}`)).body;
    expect(await ownerOf(fresh)).toMatchObject({ ownerId: ids.carl, routedBy: { by: 'handOver' } });
    expect(await ownerOf(worked)).toMatchObject({ ownerId: ids.carl, status: 'working' });
    expect(await ownerOf(closed)).toMatchObject({ ownerId: ids.ada });
    const loads = await openLeadsOf(service.table, [ids.ada, ids.carl]);
    expect([...loads.values()].toSorted()).toEqual([0, 2]);
  });

  it('goes on where it was killed, and changes nothing twice', async () => {
    const deals: string[] = [];
    for (let n = 0; n < 60; n += 1) deals.push(await dealOf(ids.ada));
    await depart(members.ada, ids.bob);
    const { clock, ...sources } = parts();
    const stored = new Repository(service.table, dealEntity, cause);
    // A page is carried out, and the function is killed before the job is saved.
    const queued = await new Jobs(service.table, DealsJobAdvanced, cause).get(handOverId(ids.ada));
    await handOver(sources).page(queued, { cause, clock });
    expect(await run(handOverId(ids.ada))).toMatchObject({ status: 'succeeded', counts: { deals: 35 } });
    const versions = [...(await stored.getMany(deals)).values()];
    expect(versions).toHaveLength(60);
    for (const deal of versions) expect(deal).toMatchObject({ ownerId: ids.bob, version: 2 });

    await depart(members.ada, ids.bob);
    await run(handOverId(ids.ada));
    for (const deal of (await stored.getMany(deals)).values()) expect(deal.version).toBe(2);
  });

  it('finds deals that are moved behind the page while it runs, and lets none be made for who has left', async () => {
    for (let n = 0; n < 30; n += 1) await dealOf(ids.ada, { expectedCloseOn: '2026-12-15' });
    const moving = await dealOf(ids.ada, { expectedCloseOn: '2026-12-31' });
    await depart(members.ada, ids.bob);
    let late: number | undefined;
    await run(handOverId(ids.ada), async () => {
      if (late !== undefined) return;
      await service.call('PATCH', `/v1/deals/${moving}`, { expectedCloseOn: '2026-12-01' });
      late = (await service.call('POST', '/v1/deals', { name: 'Late', ownerId: ids.ada })).status;
    });
    expect(await shown(moving)).toMatchObject({ ownerId: ids.bob });
    expect(late).toBe(422);
  });

  it('hands all others over, and says which deal can’t be, where one is worth too much to be counted', async () => {
    await service.call('PUT', '/v1/fx-rates/2026-11-01', { rates: { EUR: '1' } });
    const huge = await dealOf(ids.ada, { amount: { amount: 90_000_000_000_000, currency: 'EUR' } });
    const other = await dealOf(ids.ada);
    await service.call('PUT', '/v1/fx-rates/2026-11-01', { rates: { EUR: '2' } });
    await depart(members.ada, ids.bob);
    expect(await run(handOverId(ids.ada))).toMatchObject({ status: 'succeeded' });
    const admin = as(ids.carl, 'admin');
    const told = await service.call('GET', `/v1/hand-overs/${ids.ada}`, undefined, admin);
    expect(told.body).toMatchObject({ deals: 1, refusedDeals: [huge] });
    expect(await shown(huge)).toMatchObject({ ownerId: ids.ada });
    expect(await shown(other)).toMatchObject({ ownerId: ids.bob });
  });

  it('goes to the heir’s own heir where the first has departed meanwhile', async () => {
    const deal = await dealOf(ids.ada);
    await depart(members.ada, ids.bob);
    await depart(members.bob, ids.carl);
    await run(handOverId(ids.ada));
    expect(await shown(deal)).toMatchObject({ ownerId: ids.carl });
  });

  it('fails, saying why, where the heir has departed and left nobody', async () => {
    const deal = await dealOf(ids.ada);
    await depart(members.ada, ids.bob);
    await depart(members.bob);
    const job = await run(handOverId(ids.ada));
    expect(job).toMatchObject({ status: 'failed' });
    expect(job.problem).toContain(ids.bob);
    expect(await shown(deal)).toMatchObject({ ownerId: ids.ada });
  });

  it('waits for an heir of whom nothing is known yet', async () => {
    await depart(members.ada, derivedId(MemberId, 'newcomer'));
    await expect(run(handOverId(ids.ada))).rejects.toThrow('not known here yet');
  });

  it('is told to the heir, to who manages the heir’s team, and to admins', async () => {
    await dealOf(ids.ada);
    const get = async (caller?: ReturnType<typeof as>) =>
      service.call('GET', `/v1/hand-overs/${ids.ada}`, undefined, caller);
    expect((await get()).status).toBe(404);
    await depart(members.ada, ids.bob);
    expect((await get()).body).toMatchObject({ status: 'queued', deals: 0, heirId: ids.bob });
    await run(handOverId(ids.ada));
    for (const caller of [as(ids.bob, 'rep'), as(ids.giulia, 'manager'), as(ids.carl, 'admin')])
      expect((await get(caller)).body).toMatchObject({ status: 'succeeded', deals: 1, accounts: 0 });
    expect((await get(as(ids.carl, 'rep'))).status).toBe(404);
  });
});

describe('a transfer', () => {
  const moved = (from: string): MemberState => ({
    ...members.ada,
    memberships: [...members.ada.memberships, { teamId: ids.southeast, from: Day.parse(from) }],
  });
  const transfer = (from: string) =>
    delivered(MemberTransferred, { subject: ids.ada, data: moved(from), version: 2 });

  it('moves the member’s open deals to the new team, and leaves won ones, before the copy has heard of it', async () => {
    const [open, won] = [await dealOf(ids.ada), await dealOf(ids.ada)];
    await service.call('POST', `/v1/deals/${won}/win`, {});
    const message = transfer('2026-11-23');
    expect(await followTransfer(parts())(message)).toBe('done');
    const id = derivedId(JobId, 'reattribute', message.event.metadata.id);
    expect(await run(id)).toMatchObject({ status: 'succeeded', counts: { deals: 1 } });
    expect(await shown(open)).toMatchObject({
      attribution: { credits: [{ teamPath: [ids.southeast, ids.east] }] },
    });
    expect(await shown(won)).toMatchObject({
      attribution: { credits: [{ teamPath: [ids.northeast, ids.east] }] },
    });
    expect(await followTransfer(parts())(message)).toBe('done');
    expect(await run(id)).toMatchObject({ counts: { deals: 1 } });
  });

  it('of a later day waits for it, also where that day itself was passed by', async () => {
    const deal = await dealOf(ids.ada);
    expect(await followTransfer(parts())(transfer('2026-12-01'))).toBe('irrelevant');
    const day = (text: string) => delivered(DayBegan, { subject: 'day', data: { day: text } });
    expect(await followDay(parts())(day('2026-11-30'))).toBe('irrelevant');
    service.clock.time = Date.parse('2026-12-03T15:00:00Z');
    expect(await followDay(parts())(day('2026-12-03'))).toBe('done');
    const id = derivedId(JobId, 'reattribute', ids.ada, '2026-12-03');
    expect(await run(id)).toMatchObject({ counts: { deals: 1 } });
    expect(await shown(deal)).toMatchObject({
      attribution: { credits: [{ teamPath: [ids.southeast, ids.east] }] },
    });
    // The days that follow look at it again, and write nothing.
    await followDay(parts())(day('2026-12-04'));
    expect(await run(derivedId(JobId, 'reattribute', ids.ada, '2026-12-04'))).toMatchObject({
      counts: { deals: 0 },
    });
  });
});

describe('a member without a team', () => {
  it('wins deals for the organization, and for no team', async () => {
    const freelancer: MemberState = {
      ...members.bob,
      id: derivedId(MemberId, 'Freelancer'),
      memberships: [],
    };
    await tell(service.table, MemberAdded, freelancer.id, freelancer);
    const deal = await dealOf(freelancer.id);
    const won = await service.call('POST', `/v1/deals/${deal}/win`, {});
    expect(won).toMatchObject({
      status: 200,
      body: { attribution: { credits: [{ memberId: freelancer.id, basisPoints: 10_000, teamPath: [] }] } },
    });
  });
});
