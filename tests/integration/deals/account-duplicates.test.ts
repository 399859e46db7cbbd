import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ids, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeEach(async () => {
  service = await startSellingService();
});
afterEach(async () => {
  await service.stop();
});

const post = async (path: string, body: object, status = 201) => {
  const answer = await service.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
};
const account = async (fields: object) => String((await post('/v1/accounts', fields)).id);
const items = async (path: string) => {
  const { status, body } = await service.call('GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items as Record<string, unknown>[];
};
const shared = { domains: ['rossi.example'], taxId: 'IT1', email: 'info@rossi.example' };

describe('duplicates of an account', () => {
  it('are named when it is made, with what both are known by', async () => {
    const first = await account({ name: 'Rossi', ...shared, externalIds: ['crm-1', 'erp-1'] });
    const alone = await post('/v1/accounts', { name: 'Bianchi', domains: ['bianchi.example'] });
    expect(alone).not.toHaveProperty('possibleDuplicates');
    const body = {
      name: 'Rossi srl',
      domains: ['www.rossi.example'],
      taxId: 'it 1',
      externalIds: ['x', 'erp-1'],
    };
    expect(await post('/v1/accounts', body)).toMatchObject({
      possibleDuplicates: [
        {
          accountId: first,
          name: 'Rossi',
          shares: [
            { kind: 'domain', value: 'rossi.example' },
            { kind: 'taxId', value: 'IT1' },
            { kind: 'externalId', value: 'erp-1' },
          ],
        },
      ],
    });
  });

  it('cannot be made under the same external id', async () => {
    await account({ name: 'Rossi', externalIds: ['crm-1'] });
    await post('/v1/accounts', { name: 'Rossi srl', externalIds: ['crm-1'] }, 409);
  });

  it('are those that share most first, and none once they are merged or differ', async () => {
    const a = await account({ name: 'A', ...shared });
    const b = await account({ name: 'B', domains: ['rossi.example'] });
    const c = await account({ name: 'C', domains: ['rossi.example'], taxId: 'IT1' });
    expect((await items(`/v1/accounts/${a}/duplicates`)).map(({ accountId }) => accountId)).toEqual([c, b]);
    await post('/v1/account-merges', { accountId: a, duplicateId: c }, 202);
    await service.call('PATCH', `/v1/accounts/${b}`, { domains: ['b.example'] });
    expect(await items(`/v1/accounts/${a}/duplicates`)).toEqual([]);
    expect(await items('/v1/account-duplicates')).toEqual([]);
  });

  it('are found by a contact’s e-mail address, which is not shown', async () => {
    const a = await account({ name: 'A', email: 'enzo@rossi.example' });
    const b = await account({ name: 'B' });
    await post('/v1/contacts', { lastName: 'Serra', accountId: b, email: 'enzo@rossi.example' });
    expect(await items(`/v1/accounts/${b}/duplicates`)).toMatchObject([
      { accountId: a, shares: [{ kind: 'email' }] },
    ]);
    expect(JSON.stringify(await items(`/v1/accounts/${b}/duplicates`))).not.toContain('enzo');
    expect(await items('/v1/account-duplicates')).toHaveLength(1);
  });

  it('are found for a survivor by what its merged accounts were known by', async () => {
    const a = await account({ name: 'A', taxId: 'IT9' });
    const b = await account({ name: 'B', taxId: 'IT1' });
    await post('/v1/account-merges', { accountId: a, duplicateId: b }, 202);
    const c = await post('/v1/accounts', { name: 'C', taxId: 'IT1' });
    expect(c).toMatchObject({ possibleDuplicates: [{ accountId: a }] });
    expect(await items(`/v1/accounts/${a}/duplicates`)).toMatchObject([{ accountId: c.id }]);
  });

  it('are listed as pairs, a page at a time', async () => {
    const [a, b, c] = [
      await account({ name: 'A', ...shared }),
      await account({ name: 'B', ...shared }),
      await account({ name: 'C', ...shared }),
    ];
    const pairs: string[] = [];
    let cursor = '';
    do {
      const { body } = await service.call('GET', `/v1/account-duplicates?limit=2${cursor}`);
      for (const pair of body.items as { accounts: { accountId: string }[] }[])
        pairs.push(
          pair.accounts
            .map(({ accountId }) => accountId)
            .toSorted()
            .join(),
        );
      cursor = typeof body.nextCursor === 'string' ? `&cursor=${body.nextCursor}` : '';
    } while (cursor !== '');
    const expected = [
      [a, b],
      [a, c],
      [b, c],
    ].map((pair) => pair.toSorted().join());
    expect(pairs.toSorted()).toEqual(expected.toSorted());
  });
});

describe('a list of accounts', () => {
  const names = async (query: string) => (await items(`/v1/accounts?${query}`)).map(({ name }) => name);
  beforeEach(async () => {
    await account({ name: 'Trattoria Rossi', ownerId: ids.ada, territoryId: ids.atlantic });
    await account({ name: 'Osteria ROSSINI', ownerId: ids.ada });
    await account({ name: 'Bar Bianchi', ownerId: ids.bob, territoryId: ids.atlantic });
    await account({ name: 'Nobody’s' });
  });

  it('narrows to an owner, a territory, and text in the name, by name', async () => {
    expect(await names(`ownerId=${ids.ada}`)).toEqual(['Osteria ROSSINI', 'Trattoria Rossi']);
    expect(await names(`territoryId=${ids.atlantic}`)).toEqual(['Bar Bianchi', 'Trattoria Rossi']);
    expect(await names(`territoryId=${ids.atlantic}&ownerId=${ids.ada}`)).toEqual(['Trattoria Rossi']);
    expect(await names('q=rOSSi')).toEqual(['Osteria ROSSINI', 'Trattoria Rossi']);
    expect(await names(`q=rossi&territoryId=${ids.atlantic}`)).toEqual(['Trattoria Rossi']);
    expect(await names('name=bar%20bianchi')).toEqual(['Bar Bianchi']);
    expect(await names(`name=bar%20bianchi&ownerId=${ids.ada}`)).toEqual([]);
  });

  it('follows whoever owns an account', async () => {
    const [bianchi] = await items('/v1/accounts?name=bar%20bianchi');
    await service.call('PATCH', `/v1/accounts/${String(bianchi?.id)}`, {
      ownerId: ids.ada,
      territoryId: null,
    });
    expect(await names(`ownerId=${ids.bob}`)).toEqual([]);
    expect(await names(`ownerId=${ids.ada}`)).toHaveLength(3);
    expect(await names(`territoryId=${ids.atlantic}`)).toEqual(['Trattoria Rossi']);
  });

  it.each([`ownerId=mem`, 'q=i', ''])('is read page by page (%s)', async (query) => {
    const filter = query.replace('mem', ids.ada);
    const all = await names(filter);
    const found: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await service.call('GET', `/v1/accounts?limit=1&${filter}${cursor}`);
      found.push(...(body.items as { name: string }[]).map(({ name }) => name));
      cursor = typeof body.nextCursor === 'string' ? `&cursor=${body.nextCursor}` : '';
    } while (cursor !== '');
    expect(found).toEqual(all);
    expect(all.length).toBeGreaterThan(1);
  });
});
