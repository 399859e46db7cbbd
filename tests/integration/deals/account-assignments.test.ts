import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountDeals } from '../../../services/deals/assignment/account-deals.ts';
import { assignAccounts } from '../../../services/deals/assignment/assign-accounts.ts';
import { accountImportHandler } from '../../../services/deals/imports/accounts.ts';
import { accountEntity } from '../../../services/deals/store/entities.ts';
import { AccountMoves } from '../../../services/deals/store/account-moves.ts';
import { accountIdOfName } from '../../../services/deals/domain/account.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { TerritoryChanged, type TerritoryRule } from '../../../shared/events/team.ts';
import { derivedId, ImportId, JobId, type MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { addedCounts, jobEntity } from '../../../shared/jobs/job.ts';
import { Money } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { as, ids, type SellingService, startSellingService, tell } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const north = derivedId(TerritoryId, 'north');
const south = derivedId(TerritoryId, 'south');

let service: SellingService;
let told: number;
beforeEach(async () => {
  service = await startSellingService();
  told = 0;
  await rule(north, ids.ada, { countries: ['Italy'] });
});
afterEach(async () => {
  await service.stop();
});

/** Team gives the territory one owner and one rule, of a priority of its own. */
const rule = async (id: TerritoryId, ownerId: MemberId, criteria: Omit<TerritoryRule, 'priority'>) => {
  told += 1;
  const rules = [{ priority: id === north ? 10 : 20, ...criteria }];
  await tell(service.table, TerritoryChanged, id, { id, name: id, ownerIds: [ownerId], rules }, told);
};

const post = async (path: string, body: object, status = 201) => {
  const answer = await service.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
};
const read = async (path: string) => (await service.call('GET', path)).body;
const account = async (fields: object) => String((await post('/v1/accounts', fields)).id);
const deal = async (accountId: string, more: object = {}) =>
  String(
    (
      await post('/v1/deals', {
        name: 'Autumn menu',
        ownerId: ids.ada,
        accountId,
        amount: { amount: 50_000, currency: 'USD' },
        ...more,
      })
    ).id,
  );

describe('a new account', () => {
  it('belongs to the territory and owner that the rules say', async () => {
    const body = await post('/v1/accounts', { name: 'Trattoria Roma', country: ' ITALY' });
    expect(body).toMatchObject({ territoryId: north, ownerId: ids.ada, assignedBy: 'rule' });
  });

  it('belongs to nobody where no rule fits', async () => {
    const body = await post('/v1/accounts', { name: 'Chez Paul', country: 'France' });
    expect(body).toMatchObject({ assignedBy: 'rule' });
    expect(body).not.toHaveProperty('territoryId');
    expect(body).not.toHaveProperty('ownerId');
  });

  it('belongs to whom it is given by hand, whatever the rules say', async () => {
    const given = { name: 'Given', country: 'Italy', ownerId: ids.bob };
    expect(await post('/v1/accounts', given)).toMatchObject({ ownerId: ids.bob, assignedBy: 'hand' });
  });

  it('is assigned by the rules in an import, too, and an import that comes again changes nothing', async () => {
    await rule(south, ids.bob, { revenue: { from: 1_000_000 } });
    const rows = [
      { name: 'Roma', country: 'Italy' },
      { name: 'Large', annualRevenue: '1000000.50' },
      { name: 'Given', country: 'Italy', owner: 'Carl Reed' },
      { name: 'Wrong', annualRevenue: '1,5' },
    ].map((cells, index) => ({ line: index + 2, cells }));
    const clock = { now: () => instantFrom(service.clock.time) };
    const run = async () => {
      const importRows = await accountImportHandler(service.table).open({
        importId: derivedId(ImportId, 'test'),
        dryRun: false,
        createMissing: new Set(),
        cause,
        clock,
      });
      return (await importRows(rows)).map(({ outcome }) => outcome);
    };
    expect(await run()).toEqual(['created', 'created', 'created', 'rejected']);
    expect(await run()).toEqual(['unchanged', 'unchanged', 'unchanged', 'rejected']);
    const repository = new Repository(service.table, accountEntity, cause);
    const found = async (name: string) => repository.find(accountIdOfName(name));
    expect(await found('Roma')).toMatchObject({ territoryId: north, ownerId: ids.ada, assignedBy: 'rule' });
    expect(await found('Large')).toMatchObject({ territoryId: south, annualRevenue: 1_000_000.5 });
    expect(await found('Given')).toMatchObject({ ownerId: ids.carl, assignedBy: 'hand' });
  });
});

describe('a changed account', () => {
  const patch = async (id: string, body: object) =>
    (await service.call('PATCH', `/v1/accounts/${id}`, body)).body;

  it('is assigned anew where the rules assigned it, and only then', async () => {
    await rule(south, ids.bob, { countries: ['France'] });
    const ruled = await account({ name: 'Ruled', country: 'Italy' });
    expect(await patch(ruled, { country: 'France' })).toMatchObject({ territoryId: south, ownerId: ids.bob });
    expect(await patch(ruled, { country: null })).not.toHaveProperty('ownerId');
    const given = await account({ name: 'Given', country: 'Italy', territoryId: north });
    expect(await patch(given, { country: 'France' })).toMatchObject({
      territoryId: north,
      assignedBy: 'hand',
    });
  });

  it('goes from the rules to a hand and back', async () => {
    const id = await account({ name: 'Roma', country: 'Italy' });
    const byHand = { territoryId: ids.atlantic, ownerId: ids.carl };
    expect(await patch(id, byHand)).toMatchObject({ ...byHand, assignedBy: 'hand' });
    expect(await patch(id, { territoryId: null, ownerId: null })).toMatchObject({
      territoryId: north,
      ownerId: ids.ada,
      assignedBy: 'rule',
    });
  });
});

/** Carries a job on, page by page, as its worker does; `crashAt` loses what the job itself would have noted of that page. */
const carryOn = async (id: string, { crashAt }: { readonly crashAt?: number } = {}) => {
  const handler = assignAccounts(service.table, { pageSize: 2 });
  const jobs = new Repository(service.table, jobEntity, cause);
  const clock = { now: () => instantFrom(service.clock.time) };
  for (let page = 0; ; page += 1) {
    const job = await jobs.get(id);
    const { position, counts = {} } = await handler.page(job, { cause, clock });
    if (page === crashAt) continue;
    const isDone = position === undefined;
    await jobs.save({
      ...job,
      position: position && { ...position },
      counts: addedCounts(job.counts, counts),
      status: isDone ? 'succeeded' : 'running',
    });
    if (isDone) return read(`/v1/account-assignments/${id}`);
  }
};
const assign = async (body: object, options: { crashAt?: number } = {}) =>
  carryOn(String((await post('/v1/account-assignments', body, 202)).id), options);
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('an assignment of accounts', () => {
  let roma: string;
  let open: string;
  let bobs: string;
  let won: string;
  beforeEach(async () => {
    roma = await account({ name: 'Roma', country: 'Italy' });
    for (const name of ['Anna', 'Bruno', 'Carla'])
      await account({ name, country: 'Italy', ownerId: ids.carl });
    await account({ name: 'Zurigo', country: 'Italy', region: 'North' });
    open = await deal(roma);
    bobs = await deal(roma, { ownerId: ids.bob });
    won = await deal(roma);
    await post(`/v1/deals/${won}/win`, {}, 200);
    await rule(north, ids.ada, { countries: ['Italy'], regions: ['North'] });
    await rule(south, ids.carl, { countries: ['Italy'] });
  });
  const move = {
    name: 'Roma',
    from: { territoryId: north, ownerId: ids.ada },
    to: { territoryId: south, ownerId: ids.carl },
    deals: 2,
    openValue: usd(100_000),
  };

  it('lists in a dry run what would move, and moves nothing', async () => {
    const report = await assign({});
    expect(report).toMatchObject({
      status: 'succeeded',
      dryRun: true,
      counts: { accounts: 5, moving: 1, deals: 2, openValue: usd(100_000) },
      moves: { items: [{ accountId: roma, ...move }] },
    });
    expect(await read(`/v1/accounts/${roma}`)).toMatchObject({ ownerId: ids.ada, version: 1 });
    expect(await read(`/v1/deals/${open}`)).toMatchObject({ ownerId: ids.ada, version: 1 });
  });

  it('moves the account and its open deals, each to whom it belongs, and leaves won ones as they were', async () => {
    await assign({ dryRun: false });
    expect(await read(`/v1/accounts/${roma}`)).toMatchObject({ ...move.to, assignedBy: 'rule', version: 2 });
    expect(await read(`/v1/deals/${open}`)).toMatchObject({
      ownerId: ids.carl,
      attribution: { credits: [{ memberId: ids.carl }], territoryPath: [south] },
    });
    expect(await read(`/v1/deals/${bobs}`)).toMatchObject({
      ownerId: ids.bob,
      attribution: { territoryPath: [south] },
    });
    expect(await read(`/v1/deals/${won}`)).toMatchObject({
      ownerId: ids.ada,
      attribution: { territoryPath: [north] },
      version: 2,
    });
  });

  it('changes nothing when it is asked for again', async () => {
    await assign({ dryRun: false });
    const versions = async () => [
      (await read(`/v1/accounts/${roma}`)).version,
      (await read(`/v1/deals/${open}`)).version,
      (await read(`/v1/deals/${bobs}`)).version,
    ];
    const before = await versions();
    expect(await assign({ dryRun: false })).toMatchObject({ counts: { accounts: 5, moving: 0 } });
    expect(await versions()).toEqual(before);
  });

  it.each([0, 1, 2])(
    'ends in the same, with the same report, if page %i is carried out twice',
    async (crashAt) => {
      const report = await assign({ dryRun: false }, { crashAt });
      expect(report).toMatchObject({
        counts: { accounts: 5, moving: 1, deals: 2, openValue: usd(100_000) },
        moves: { items: [{ accountId: roma, ...move }] },
      });
      expect(await read(`/v1/accounts/${roma}`)).toMatchObject({ ...move.to, version: 2 });
      expect(await read(`/v1/deals/${open}`)).toMatchObject({ ownerId: ids.carl, version: 2 });
    },
  );

  it('finishes an account whose deals had gone ahead when it was cut short', async () => {
    const { id } = await post('/v1/account-assignments', { dryRun: false }, 202);
    const repository = new Repository(service.table, accountEntity, cause);
    const before = await repository.get(roma);
    const meant = { accountId: before.id, ...move, openValue: Money.parse(move.openValue) };
    await new AccountMoves(service.table).put(JobId.parse(id), meant);
    const directory = await new Directory(service.table).snapshot();
    const clock = { now: () => instantFrom(service.clock.time) };
    const deals = new AccountDeals({ table: service.table, cause, directory, clock });
    await deals.move({ ...before, ...meant.to }, meant);
    expect(await carryOn(String(id))).toMatchObject({ counts: { moving: 1, deals: 2 } });
    expect(await read(`/v1/accounts/${roma}`)).toMatchObject({ ...move.to, version: 2 });
    expect(await read(`/v1/deals/${open}`)).toMatchObject({ ownerId: ids.carl, version: 2 });
  });

  it('shows what a proposal would move, beside what the present rules would', async () => {
    const territories = [{ id: south, ownerIds: [ids.bob], rules: [{ priority: 5, countries: ['italy'] }] }];
    const report = await assign({ territories });
    expect(report).toMatchObject({ counts: { moving: 2 } });
    expect(JSON.stringify(report)).toContain(ids.bob);
    expect(await assign({})).toMatchObject({ counts: { moving: 1 } });
  });

  it('leaves what somebody took by hand meanwhile', async () => {
    const { id } = await post('/v1/account-assignments', { dryRun: false }, 202);
    await service.call('PATCH', `/v1/accounts/${roma}`, { ownerId: ids.bob });
    expect(await carryOn(String(id))).toMatchObject({ counts: { moving: 0 } });
    expect(await read(`/v1/accounts/${roma}`)).toMatchObject({ ownerId: ids.bob, territoryId: north });
  });

  it('is one job for one idempotency key', async () => {
    const headers = { 'idempotency-key': 'assign-1' };
    const twice = [1, 2].map(async () => service.call('POST', '/v1/account-assignments', {}, { headers }));
    const [a, b] = await Promise.all(twice);
    expect(a).toMatchObject({ status: 202, body: { status: 'queued', dryRun: true } });
    expect(b?.body.id).toBe(a?.body.id);
  });

  it('pages what moves', async () => {
    const { id } = await assign({ territories: [{ id: south, rules: [{ priority: 1 }] }] });
    const first = await read(`/v1/account-assignments/${String(id)}?limit=1`);
    const { items, nextCursor } = first.moves as { items: object[]; nextCursor: string };
    expect(items).toHaveLength(1);
    const second = await read(`/v1/account-assignments/${String(id)}?limit=1&cursor=${nextCursor}`);
    expect(second.moves).toMatchObject({ items: [{ to: { territoryId: south } }] });
    expect(second.moves).not.toHaveProperty('nextCursor');
  });
});

describe('an assignment that cannot be', () => {
  it.each([
    [400, '/dryRun', { dryRun: 'no' }],
    [400, '/territories', { dryRun: false, territories: [{ id: north }] }],
    [400, '/territories/0/rules/0/priority', { territories: [{ id: north, rules: [{ priority: 0 }] }] }],
    [400, '/colour', { colour: 'red' }],
    [422, '/territories/0/id', { territories: [{ id: south }] }],
    [422, '/territories/1/id', { territories: [{ id: north }, { id: north }] }],
    [
      422,
      '/territories/0/ownerIds/0',
      { territories: [{ id: north, ownerIds: ['mem_01JD0000000000000000000000'] }] },
    ],
  ])('is refused with %i at %s', async (status, path, body) => {
    const answer = await service.call('POST', '/v1/account-assignments', body);
    expect(answer.status).toBe(status);
    expect((answer.body.errors as { path: string }[]).map((error) => error.path)).toContain(path);
  });

  it('is no rep’s and no manager’s, and another job is none', async () => {
    const { id } = await post('/v1/account-assignments', {}, 202);
    for (const someone of [as(ids.ada, 'rep'), as(ids.giulia, 'manager')]) {
      expect((await service.call('POST', '/v1/account-assignments', {}, someone)).status).toBe(403);
      expect(
        (await service.call('GET', `/v1/account-assignments/${String(id)}`, undefined, someone)).status,
      ).toBe(403);
    }
    const unknown = derivedId(JobId, 'unknown');
    expect((await service.call('GET', `/v1/account-assignments/${unknown}`)).status).toBe(404);
  });
});
