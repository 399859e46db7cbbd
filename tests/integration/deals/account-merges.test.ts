import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MoverKind } from '../../../services/deals/accounts/merge/mover.ts';
import { movers } from '../../../services/deals/accounts/merge/movers.ts';
import { AccountIdentities } from '../../../services/deals/accounts/identities.ts';
import { type Body, merging, usd } from './merging.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

type Merging = ReturnType<typeof merging>;

let service: SellingService;
let post: Merging['post'];
let request: Merging['request'];
let read: Merging['read'];
let account: Merging['account'];
let deal: Merging['deal'];
let wonDeal: Merging['wonDeal'];
let accountOf: Merging['accountOf'];
let carryOut: Merging['carryOut'];
let begin: Merging['begin'];
let merge: Merging['merge'];
let undo: Merging['undo'];
let refusal: Merging['refusal'];
beforeEach(async () => {
  service = await startSellingService();
  ({ post, request, read, account, deal, wonDeal, accountOf, carryOut, begin, merge, undo, refusal } =
    merging(service));
});
afterEach(async () => {
  await service.stop();
});

describe('a merge', () => {
  it('moves open and closed deals; closed ones keep all else that they closed with', async () => {
    const [a, b] = [
      await account({ name: 'Rossi', industry: 'restaurants', segment: 'large' }),
      await account({ name: 'Rossi srl', industry: 'hotels', segment: 'small' }),
    ];
    const [open, won] = [await deal(b), await wonDeal(b)];
    const before = await read(`/v1/deals/${won}`);
    const id = await merge(a, b);
    expect(await read(`/v1/account-merges/${id}`)).toMatchObject({
      status: 'merged',
      accountId: a,
      duplicateId: b,
      moved: { deals: 2 },
      undoableUntil: '2026-12-23T15:30:00.000Z',
    });
    const after = await read(`/v1/deals/${won}`);
    expect(after).toEqual({
      ...before,
      accountId: a,
      attribution: { ...(before.attribution as object), accountId: a },
      version: Number(before.version) + 1,
      updatedAt: after.updatedAt,
    });
    expect(await read(`/v1/deals/${open}`)).toMatchObject({
      accountId: a,
      attribution: { accountId: a, industry: 'restaurants', segment: 'large' },
    });
    expect(await read(`/v1/accounts/${b}`)).toMatchObject({ mergedInto: a, mergeId: id });
    expect(await read(`/v1/accounts/${a}`)).toMatchObject({ mergedFrom: [{ accountId: b, mergeId: id }] });
    const { items } = await read('/v1/accounts');
    expect((items as Body[]).map((each) => each.id)).toEqual([a]);
  });

  it('fills in what the account lacks, and its own details win', async () => {
    const a = await account({ name: 'Rossi', industry: 'restaurants', domains: ['rossi.example'] });
    const b = await account({
      name: 'Rossi srl',
      industry: 'hotels',
      taxId: 'IT1',
      ownerId: ids.ada,
      domains: ['rossi.it', 'rossi.example'],
      externalIds: ['crm-1'],
    });
    const id = await merge(a, b);
    expect(await read(`/v1/accounts/${a}`)).toMatchObject({
      name: 'Rossi',
      industry: 'restaurants',
      taxId: 'IT1',
      ownerId: ids.ada,
      domains: ['rossi.example', 'rossi.it'],
      externalIds: ['crm-1'],
    });
    expect((await read(`/v1/account-merges/${id}`)).filled).toEqual([
      'taxId',
      'domains',
      'externalIds',
      'ownerId',
    ]);
    const identities = new AccountIdentities(service.table);
    for (const value of ['rossi.example', 'rossi.it'])
      expect(await identities.find({ kind: 'domain', value })).toEqual([a]);
  });

  it('lets nothing new refer to the duplicate, and says to which account it belongs', async () => {
    const [a, b] = [await account({ name: 'A' }), await account({ name: 'B' })];
    await begin(a, b);
    const made = await refusal('/v1/deals', { name: 'New', ownerId: ids.ada, accountId: b, amount: usd(1) });
    expect(made.status).toBe(422);
    const answer = await service.call('PATCH', `/v1/accounts/${b}`, { segment: 'small' });
    expect(answer.status).toBe(409);
    expect(String(answer.body.detail)).toContain(a);
  });

  it('moves what came to the duplicate while it was under way', async () => {
    const [a, b] = [await account({ name: 'A' }), await account({ name: 'B' })];
    const first = await deal(b);
    let late: string | undefined;
    const id = await begin(a, b);
    await carryOut(id, {
      betweenTurns: async () => {
        if (late !== undefined) return;
        // Written by whoever had looked the account up before it was merged.
        late = await deal(a);
        const item = await service.table.get({ pk: `deal#${late}`, sk: 'state' });
        await service.table.put({
          ...item,
          data: { ...(item?.data as object), accountId: b },
          gsi2pk: `deal#account#${b}`,
        });
      },
    });
    expect(await accountOf(first)).toBe(a);
    expect(await accountOf(String(late))).toBe(a);
    expect(await read(`/v1/account-merges/${id}`)).toMatchObject({ moved: { deals: 2 } });
  });

  it('ends in the same, and can be undone whole, when it is cut short before or after a record moved', async () => {
    const [a, b] = [await account({ name: 'A' }), await account({ name: 'B' })];
    const deals = [await deal(b), await wonDeal(b), await deal(b)];
    let left = 2;
    const [dealKind] = movers;
    if (dealKind === undefined) throw new Error('no movers');
    const failing: MoverKind = {
      kind: dealKind.kind,
      open: (...args) => {
        const mover = dealKind.open(...args);
        return {
          list: mover.list,
          move: async (...move) => {
            if (left > 0) {
              left -= 1;
              if (left === 0) await mover.move(...move);
              throw new Error('cut short');
            }
            return mover.move(...move);
          },
        };
      },
    };
    const id = await begin(a, b);
    for (let crash = 0; crash < 2; crash += 1)
      await expect(carryOut(id, { kinds: [failing] })).rejects.toThrow('cut short');
    await carryOut(id, { kinds: [failing] });
    expect(await read(`/v1/account-merges/${id}`)).toMatchObject({ status: 'merged', moved: { deals: 3 } });
    expect(await Promise.all(deals.map(accountOf))).toEqual([a, a, a]);
    await undo(id);
    expect(await Promise.all(deals.map(accountOf))).toEqual([b, b, b]);
  });

  it('is one for one idempotency key, and another body is refused', async () => {
    const [a, b, c] = [
      await account({ name: 'A' }),
      await account({ name: 'B' }),
      await account({ name: 'C' }),
    ];
    const headers = { 'idempotency-key': 'merge-1' };
    const twice = await Promise.all(
      [1, 2].map(async () => post('/v1/account-merges', { accountId: a, duplicateId: b }, 202, { headers })),
    );
    expect(twice[0]?.id).toBe(twice[1]?.id);
    await post('/v1/account-merges', { accountId: a, duplicateId: c }, 422, { headers });
  });

  it('is for admins, and for whoever may change both accounts', async () => {
    const adas = await account({ name: 'A', ownerId: ids.ada });
    const bobs = await account({ name: 'B', ownerId: ids.bob });
    const nobodys = await account({ name: 'C' });
    const body = { accountId: adas, duplicateId: bobs };
    await post('/v1/account-merges', body, 403, as(ids.ada, 'rep'));
    await post('/v1/account-merges', { accountId: nobodys, duplicateId: bobs }, 403, as(ids.ada, 'rep'));
    const { id } = await post('/v1/account-merges', body, 202, as(ids.giulia, 'manager'));
    await carryOut(id);
    await post(`/v1/account-merges/${String(id)}/undo`, {}, 403, as(ids.ada, 'rep'));
    await post('/v1/account-merges', { accountId: adas, duplicateId: nobodys }, 202, as(ids.ada, 'rep'));
  });
});

describe('a merge that cannot be', () => {
  const refused = async (accountId: string, duplicateId: string) =>
    refusal('/v1/account-merges', { accountId, duplicateId });

  it('is one of an account into itself, or with one that there is not', async () => {
    const a = await account({ name: 'A' });
    expect(await refused(a, a)).toMatchObject({ status: 422 });
    const none = 'acct_01JD0000000000000000000000';
    const answer = await service.call('POST', '/v1/account-merges', { accountId: none, duplicateId: a });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '/accountId' }] } });
  });

  it('is one that goes round in a circle', async () => {
    const [a, b, c] = [
      await account({ name: 'A' }),
      await account({ name: 'B' }),
      await account({ name: 'C' }),
    ];
    await merge(b, a);
    const back = await refused(a, b);
    expect(back.status).toBe(409);
    expect(back.detail).toContain('has been merged into');
    await merge(c, b);
    expect((await refused(a, c)).status).toBe(409);
    expect((await refused(c, a)).status).toBe(409);
  });

  it('is a second one of the same two at once, either way round', async () => {
    const [a, b] = [await account({ name: 'A' }), await account({ name: 'B' })];
    const both = [
      { accountId: a, duplicateId: b },
      { accountId: b, duplicateId: a },
    ];
    const answers = await Promise.all(
      both.map(async (body) => service.call('POST', '/v1/account-merges', body)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
  });

  it('is one of an account that is still taking in another', async () => {
    const [a, b, c] = [
      await account({ name: 'A' }),
      await account({ name: 'B' }),
      await account({ name: 'C' }),
    ];
    const id = await begin(b, c);
    const early = await refused(a, b);
    expect(early).toMatchObject({ status: 409 });
    expect(early.detail).toContain(id);
    await carryOut(id);
    await post('/v1/account-merges', { accountId: a, duplicateId: b }, 202);
  });
});

describe('undoing a merge', () => {
  it('gives back exactly what moved, and leaves what came since or went elsewhere', async () => {
    const a = await account({ name: 'A', industry: 'restaurants' });
    const b = await account({ name: 'B', industry: 'hotels', taxId: 'IT1', externalIds: ['crm-1'] });
    const third = await account({ name: 'Third' });
    const own = await deal(a);
    const [open, won, gone] = [await deal(b), await wonDeal(b), await deal(b)];
    const before = { a: await read(`/v1/accounts/${a}`), b: await read(`/v1/accounts/${b}`) };
    const wonBefore = await read(`/v1/deals/${won}`);
    const id = await merge(a, b);
    await request('PATCH', `/v1/deals/${gone}`, { accountId: third }, 200);
    await request('PATCH', `/v1/accounts/${a}`, { segment: 'large' }, 200);
    const since = await deal(a);
    await undo(id);
    expect(await read(`/v1/account-merges/${id}`)).toMatchObject({
      status: 'undone',
      moved: { deals: 3 },
      restored: { deals: 2 },
      left: { deals: 1 },
    });
    expect(await Promise.all([own, since, open, won, gone].map(accountOf))).toEqual([a, a, b, b, third]);
    const { version, updatedAt, ...rest } = await read(`/v1/deals/${won}`);
    expect({ ...wonBefore, version, updatedAt }).toEqual({ ...rest, version, updatedAt });
    for (const [id, was, more] of [
      [a, before.a, { segment: 'large' }],
      [b, before.b, {}],
    ] as const) {
      const is = await read(`/v1/accounts/${id}`);
      expect(is).toEqual({ ...was, ...more, version: is.version, updatedAt: is.updatedAt });
    }
    const identities = new AccountIdentities(service.table);
    expect(await identities.find({ kind: 'taxId', value: 'IT1' })).toEqual([b]);
  });

  it('is refused twice, while the merge is under way, and after thirty days', async () => {
    const [a, b, c] = [
      await account({ name: 'A' }),
      await account({ name: 'B' }),
      await account({ name: 'C' }),
    ];
    const id = await begin(a, b);
    const path = `/v1/account-merges/${id}/undo`;
    expect((await refusal(path, {})).detail).toContain('still under way');
    await carryOut(id);
    await post(path, {}, 202);
    expect((await refusal(path, {})).detail).toContain('being undone already');
    await carryOut(id);
    expect(await refusal(path, {})).toMatchObject({ status: 409 });
    const late = await merge(a, c);
    service.clock.time += 30 * 86_400_000 + 1;
    const tooLate = await refusal(`/v1/account-merges/${late}/undo`, {});
    expect(tooLate.status).toBe(409);
    expect(tooLate.detail).toContain('30 days');
  });

  it('has to begin with the last merge of a chain, and takes each apart', async () => {
    const [a, b, c] = [
      await account({ name: 'A' }),
      await account({ name: 'B' }),
      await account({ name: 'C' }),
    ];
    const deals = [await deal(a), await wonDeal(b), await deal(c)];
    const first = await merge(b, c);
    const second = await merge(a, b);
    expect(await Promise.all(deals.map(accountOf))).toEqual([a, a, a]);
    const early = await refusal(`/v1/account-merges/${first}/undo`, {});
    expect(early.status).toBe(409);
    expect(early.detail).toContain(second);
    await undo(second);
    expect(await Promise.all(deals.map(accountOf))).toEqual([a, b, b]);
    await undo(first);
    expect(await Promise.all(deals.map(accountOf))).toEqual([a, b, c]);
  });

  it('can be followed by another merge of the same two', async () => {
    const [a, b] = [await account({ name: 'A' }), await account({ name: 'B' })];
    const id = await deal(b);
    await undo(await merge(a, b));
    await merge(b, a);
    expect(await accountOf(id)).toBe(b);
  });
});
