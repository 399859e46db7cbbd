import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MoverKind } from '../../../services/deals/accounts/merge/mover.ts';
import { movers } from '../../../services/deals/accounts/merge/movers.ts';
import {
  followDayForMerges,
  SWEEP_MERGES,
  sweepMerges,
} from '../../../services/deals/accounts/merge/sweep-job.ts';
import { dealEntity } from '../../../services/deals/store/entities.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { DayBegan } from '../../../shared/events/team.ts';
import { AccountId, derivedId, JobId } from '../../../shared/ids/id.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { delivered, runJob } from '../../support/run-jobs.ts';
import { cause, merging } from './merging.ts';
import { ids, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
let at: ReturnType<typeof merging>;
beforeEach(async () => {
  service = await startSellingService();
  at = merging(service);
});
afterEach(async () => {
  await service.stop();
});

const stored = () => new Repository(service.table, dealEntity, cause);
const two = async () => [await at.account({ name: 'A' }), await at.account({ name: 'B' })] as const;
/** A deal of the account, written by whoever had looked it up before it was merged. */
const lateDeal = async (accountId: string, of: string) => {
  const id = await at.deal(of);
  await stored().save({ ...(await stored().get(id)), accountId: AccountId.parse(accountId) });
  return id;
};

/** What follows from the beginning of a day. */
const dayBegins = async (day: string, kinds: readonly MoverKind[] = movers) => {
  const { table } = service;
  const clock = { now: () => instantFrom(service.clock.time) };
  const outcome = await followDayForMerges({ table, clock })(
    delivered(DayBegan, { subject: 'day', data: { id: 'day', day } }),
  );
  if (outcome !== 'done') return outcome;
  const handlers = [sweepMerges({ table, directory: new Directory(table), movers: kinds })];
  return runJob(derivedId(JobId, SWEEP_MERGES, day), { table, clock, advanced: DealsJobAdvanced, handlers });
};

describe('what comes to a duplicate after it was merged', () => {
  it('moves on the next day, once, and goes back with the rest', async () => {
    const [a, b] = await two();
    const early = await at.deal(b);
    const id = await at.merge(a, b);
    const late = [await lateDeal(b, a), await lateDeal(b, a)];
    expect(await dayBegins('2026-11-24')).toMatchObject({ status: 'succeeded', counts: { moved: 2 } });
    expect(await Promise.all(late.map(at.accountOf))).toEqual([a, a]);
    expect(await at.read(`/v1/account-merges/${id}`)).toMatchObject({
      status: 'merged',
      moved: { deals: 3 },
    });
    const { version } = await at.read(`/v1/account-merges/${id}`);
    expect(await dayBegins('2026-11-25')).toMatchObject({ counts: { moved: 0 } });
    expect(await at.read(`/v1/account-merges/${id}`)).toMatchObject({ version });
    await at.undo(id);
    expect(await Promise.all([early, ...late].map(at.accountOf))).toEqual([b, b, b]);
  });

  it('is looked for in every merge of the last thirty days, and in none that was undone', async () => {
    const pairs = [await two(), await two(), await two()];
    const merges: string[] = [];
    for (const [a, b] of pairs) merges.push(await at.merge(a, b));
    await at.undo(String(merges[1]));
    const late = await Promise.all(pairs.map(async ([a, b]) => lateDeal(b, a)));
    expect(await dayBegins('2026-11-24')).toMatchObject({ status: 'succeeded' });
    const wanted = pairs.map(([a, b], index) => (index === 1 ? b : a));
    expect(await Promise.all(late.map(at.accountOf))).toEqual(wanted);
    service.clock.time += 30 * 86_400_000 + 1;
    expect(await dayBegins('2026-12-24')).toBe('irrelevant');
  });

  it('stays where it is while the merge is being undone', async () => {
    const [a, b] = await two();
    const id = await at.merge(a, b);
    const late = await lateDeal(b, a);
    const [dealKind] = movers;
    if (dealKind === undefined) throw new Error('no movers');
    const overtaken: MoverKind = {
      kind: dealKind.kind,
      open: (...args) => {
        const mover = dealKind.open(...args);
        return {
          list: async (...page) => {
            const listed = await mover.list(...page);
            await at.undo(id);
            return listed;
          },
          move: mover.move,
        };
      },
    };
    await dayBegins('2026-11-24', [overtaken]);
    expect(await at.accountOf(late)).toBe(b);
  });
});

describe('a deal that can’t be booked anew', () => {
  it('stays with the duplicate as it counts, and the merge names it', async () => {
    const [a, b] = await two();
    const [id, other] = [await at.deal(b, { startedAt: '2026-10-01T12:00:00Z' }), await at.deal(b)];
    await at.post(`/v1/deals/${id}/win`, { closedAt: '2026-10-15T12:00:00Z' }, 200);
    await at.post('/v1/periods/2026-10/lock', {}, 200);
    const deal = await stored().get(id);
    const { attribution } = deal;
    const line = { kind: 'adjusted', at: deal.createdAt, reversedAt: deal.createdAt } as const;
    const each = { attribution, amount: 1, products: [], lines: [line] };
    const before = await stored().save({ ...deal, booked: Array.from({ length: 20 }, () => each) });
    const merge = await at.merge(a, b);
    expect(await stored().get(id)).toEqual(before);
    expect(await at.accountOf(other)).toBe(a);
    expect(await at.read(`/v1/account-merges/${merge}`)).toMatchObject({
      status: 'merged',
      moved: { deals: 1 },
      leftBehind: [{ kind: 'deals', id, reason: expect.stringContaining('20 times') as string }],
    });
    // Once it can be booked, it moves after all.
    await stored().save({ ...before, booked: undefined });
    await dayBegins('2026-11-24');
    expect(await at.accountOf(id)).toBe(a);
    const after = await at.read(`/v1/account-merges/${merge}`);
    expect(after).toMatchObject({ moved: { deals: 2 } });
    expect(after).not.toHaveProperty('leftBehind');
    expect((await stored().get(id)).booked).toMatchObject([{ attribution: { accountId: b } }]);
  });
});

describe('a job that failed', () => {
  const failing = (kind: MoverKind): MoverKind => ({
    kind: kind.kind,
    open: (...args) => ({
      ...kind.open(...args),
      move: async () => Promise.reject(new Unprocessable('No use.')),
    }),
  });
  const kinds = movers.map(failing);

  it('is taken up again by the same request, be it the merge or its undoing', async () => {
    const [a, b] = await two();
    const deal = await at.deal(b);
    const id = await at.begin(a, b);
    await at.carryOut(id, { kinds });
    expect(await at.read(`/v1/account-merges/${id}`)).toMatchObject({ status: 'failed', problem: 'No use.' });
    expect(await at.begin(a, b)).toBe(id);
    expect(await at.read(`/v1/account-merges/${id}`)).toMatchObject({ status: 'merging' });
    const again = await at.refusal('/v1/account-merges', { accountId: a, duplicateId: b });
    expect(again.status).toBe(409);
    await at.carryOut(id);
    expect(await at.accountOf(deal)).toBe(a);

    await at.post(`/v1/account-merges/${id}/undo`, {}, 202);
    await at.carryOut(id, { kinds });
    expect(await at.read(`/v1/account-merges/${id}`)).toMatchObject({ status: 'failed' });
    await at.undo(id);
    expect(await at.read(`/v1/account-merges/${id}`)).toMatchObject({ status: 'undone' });
    expect(await at.accountOf(deal)).toBe(b);
  });
});

describe('a lead', () => {
  it('shows the account that survived', async () => {
    const [a, b] = await two();
    const lead = await at.made('/v1/leads', { name: 'Livia Serra', company: 'Blu', ownerId: ids.ada });
    await at.post(`/v1/leads/${lead}/convert`, { accountId: b }, 200);
    await at.merge(a, b);
    expect(await at.read(`/v1/leads/${lead}`)).toMatchObject({ conversion: { accountId: a } });
    const c = await at.account({ name: 'C' });
    await at.merge(c, a);
    const { items } = await at.read('/v1/leads');
    expect(items).toMatchObject([{ conversion: { accountId: c } }]);
  });
});
