import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { transferDeals } from '../../../services/deals/transfers/transfer-deals.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import type { ApiAnswer, CallOptions } from '../../support/call-api.ts';
import { runJob } from '../../support/run-jobs.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);
const post = async (path: string, body: object, options: CallOptions = {}) =>
  service.call('POST', path, body, options);
const newDeal = async (body: object = {}): Promise<string> =>
  idOf(await post('/v1/deals', { name: 'Pasta', ownerId: ids.ada, amount: usd(100_01), ...body }));
const deal = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;
const activity = async (dealId: string, ownerId: string): Promise<string> => {
  const fields = { kind: 'task', subjectLine: 'Call back', dueOn: '2026-12-01', ownerId, dealId };
  const answer = await post('/v1/activities', fields);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return idOf(answer);
};
const ownerOf = async (activityId: string) =>
  (await service.call('GET', `/v1/activities/${activityId}`)).body.ownerId;
const run = async (id: string) =>
  runJob(id, {
    table: service.table,
    clock: { now: () => instantFrom(service.clock.time) },
    advanced: DealsJobAdvanced,
    handlers: [transferDeals({ table: service.table, directory: new Directory(service.table) })],
  });

describe('the transfer of a deal', () => {
  it('is foreseen, changes nothing until it is carried out, and moves credit, teams and what is planned', async () => {
    const id = await newDeal();
    const [task, others] = [await activity(id, ids.ada), await activity(id, ids.bob)];
    const body = { ownerId: ids.carl, dryRun: true };
    const preview = await post(`/v1/deals/${id}/transfer`, body);
    const credit = (memberId: string, team: string) => [
      { memberId, basisPoints: 10_000, teamPath: [team, ids.east] },
    ];
    const moves = {
      credits: { from: credit(ids.ada, ids.northeast), to: credit(ids.carl, ids.southeast) },
      plannedActivities: 1,
    };
    expect(preview).toMatchObject({ status: 200, body: { dryRun: true, moves, stays: [] } });
    expect(await deal(id)).toMatchObject({ ownerId: ids.ada, version: 1 });
    expect(await ownerOf(task)).toBe(ids.ada);

    const done = await post(`/v1/deals/${id}/transfer`, { ...body, dryRun: false });
    expect(done.body).toMatchObject({ dryRun: false, moves, version: 2 });
    expect(await deal(id)).toMatchObject({ ownerId: ids.carl, teamId: ids.southeast });
    expect([await ownerOf(task), await ownerOf(others)]).toEqual([ids.carl, ids.bob]);
  });

  it('leaves to a closed deal whom it was closed for, and to agreed shares who agreed', async () => {
    const won = await newDeal();
    await post(`/v1/deals/${won}/win`, {});
    const before = await deal(won);
    const answer = await post(`/v1/deals/${won}/transfer`, { ownerId: ids.carl });
    expect(answer.body.moves).toEqual({ plannedActivities: 0 });
    expect(answer.body.stays).toMatchObject([
      { field: 'attribution' },
      { field: 'frozenRate' },
      { field: 'reportingAmount' },
    ]);
    const { attribution, reportingAmount } = before;
    expect(await deal(won)).toMatchObject({ ownerId: ids.carl, attribution, reportingAmount });

    const splits = [
      { memberId: ids.ada, basisPoints: 5_000 },
      { memberId: ids.bob, basisPoints: 5_000 },
    ];
    const shared = await newDeal({ splits });
    const preview = await post(`/v1/deals/${shared}/transfer`, { ownerId: ids.carl, dryRun: true });
    expect(preview.body).toMatchObject({ stays: [{ field: 'splits' }] });
    expect(preview.body.moves).not.toHaveProperty('credits');
  });

  it('is for who may change the deal and give to the other, of the version they saw', async () => {
    const id = await newDeal();
    const transfer = async (options: CallOptions, ownerId = ids.bob) =>
      (await post(`/v1/deals/${id}/transfer`, { ownerId, dryRun: true }, options)).status;
    expect(await transfer(as(ids.bob, 'rep'))).toBe(404);
    expect(await transfer(as(ids.ada, 'rep'))).toBe(403);
    expect(await transfer({ ...as(ids.giulia, 'manager'), headers: { 'if-match': '"9"' } })).toBe(412);
    expect(await transfer(as(ids.giulia, 'manager'))).toBe(200);
  });
});

describe('a transfer of many deals', () => {
  it('is foreseen with its sum, then moves the open deals of an account, and is done once', async () => {
    const accountId = idOf(await post('/v1/accounts', { name: 'Osteria Uno', ownerId: ids.ada }));
    const open = [
      await newDeal({ accountId }),
      await newDeal({ accountId, ownerId: ids.bob, amount: usd(50) }),
      await newDeal({ accountId, amount: { amount: 5, currency: 'CHF' } }),
    ];
    const mine = await newDeal({ accountId, ownerId: ids.carl });
    const won = await newDeal({ accountId });
    await post(`/v1/deals/${won}/win`, {});
    const task = await activity(open[0] ?? '', ids.ada);

    const body = { accountId, toOwnerId: ids.carl };
    const preview = await post('/v1/deal-transfers', body);
    expect(preview).toMatchObject({ status: 202, body: { dryRun: true, status: 'queued' } });
    await run(idOf(preview));
    const counts = { deals: 3, value: usd(100_51), unvalued: 1, plannedActivities: 1, closed: 1 };
    const report = async (id: string) => (await service.call('GET', `/v1/deal-transfers/${id}`)).body;
    expect(await report(idOf(preview))).toMatchObject({ status: 'succeeded', counts });
    expect(await deal(open[0] ?? '')).toMatchObject({ ownerId: ids.ada });

    const transfer = await post('/v1/deal-transfers', { ...body, dryRun: false });
    await run(idOf(transfer));
    expect(await report(idOf(transfer))).toMatchObject({ dryRun: false, counts });
    for (const id of open) expect(await deal(id)).toMatchObject({ ownerId: ids.carl, version: 2 });
    expect(await deal(mine)).toMatchObject({ version: 1 });
    expect(await deal(won)).toMatchObject({ ownerId: ids.ada });
    expect(await ownerOf(task)).toBe(ids.carl);
    const again = await post('/v1/deal-transfers', { ...body, dryRun: false });
    expect(await run(idOf(again))).toMatchObject({ counts: { deals: 0 } });
  });

  it('is a manager’s for the own teams, and shown to who started it and admins', async () => {
    const giulia = as(ids.giulia, 'manager');
    const start = async (body: object, options: CallOptions) => post('/v1/deal-transfers', body, options);
    const started = await start({ teamId: ids.northeast, toOwnerId: ids.bob }, giulia);
    expect(started.status).toBe(202);
    const path = `/v1/deal-transfers/${idOf(started)}`;
    expect(await service.call('GET', path, undefined, giulia)).toMatchObject({ status: 200 });
    expect(await service.call('GET', path, undefined, as(ids.ada, 'rep'))).toMatchObject({ status: 404 });
    const bob = as(ids.bob, 'rep');
    expect(await start({ fromOwnerId: ids.ada, toOwnerId: ids.bob }, bob)).toMatchObject({ status: 403 });
    expect(await start({ toOwnerId: ids.bob }, giulia)).toMatchObject({ status: 400 });
  });
});
