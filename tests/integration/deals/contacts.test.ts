import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountIdentities } from '../../../services/deals/accounts/identities.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => service.stop());

const rep = (id: typeof ids.ada) => as(id, 'rep');
const made = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return String(answer.body.id);
};
const account = async (name: string, more: object = {}) => made('/v1/accounts', { name, ...more });
const contact = async (more: object) => made('/v1/contacts', { lastName: 'Serra', ...more });
const listed = async (query: string): Promise<string[]> => {
  const answer = await service.call('GET', `/v1/contacts?${query}`);
  expect(answer.status).toBe(200);
  return (answer.body.items as { id: string }[]).map(({ id }) => id);
};

describe('a contact', () => {
  it('is found by account, by address and by text in the name, page by page', async () => {
    const roma = await account('Roma');
    const [a, b, c] = [
      await contact({ firstName: 'Anna', email: 'Anna@Roma.example', accountId: roma }),
      await contact({ firstName: 'Bea', accountId: roma }),
      await contact({ firstName: 'Zoë', lastName: 'Annaberg' }),
    ];
    expect(await listed(`accountId=${roma}`)).toEqual([a, b]);
    expect(await listed('email=ANNA%40roma.example')).toEqual([a]);
    expect(await listed('q=anna')).toEqual([a, c]);
    const first = await service.call('GET', `/v1/contacts?accountId=${roma}&limit=1`);
    expect(first.body.items).toMatchObject([{ id: a }]);
    const cursor = encodeURIComponent(String(first.body.nextCursor));
    expect(await listed(`accountId=${roma}&limit=1&cursor=${cursor}`)).toEqual([b]);
  });

  it('needs a name', async () => {
    const nameless = await service.call('POST', '/v1/contacts', { email: 'x@roma.example' });
    expect(nameless).toMatchObject({ status: 422, body: { errors: [{ path: '/lastName' }] } });
    const id = await contact({});
    expect(await service.call('PATCH', `/v1/contacts/${id}`, { lastName: null })).toMatchObject({
      status: 422,
    });
  });

  it('has its e-mail address to itself on its account, and the other one is named', async () => {
    const [milano, torino] = [await account('Milano'), await account('Torino')];
    const email = 'chef@milano.example';
    const first = await contact({ email, accountId: milano });
    const again = { lastName: 'Greco', email: 'CHEF@milano.example', accountId: milano };
    const refused = await service.call('POST', '/v1/contacts', again);
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ path: '/email' }] } });
    expect(refused.body.detail).toContain(first);
    const elsewhere = await contact({ email, accountId: torino });
    const moved = await service.call('PATCH', `/v1/contacts/${elsewhere}`, { accountId: milano });
    expect(moved.status).toBe(409);
    expect(moved.body.detail).toContain(first);
    // Once given up, anybody may have it.
    await service.call('PATCH', `/v1/contacts/${first}`, { email: null });
    expect(await service.call('PATCH', `/v1/contacts/${elsewhere}`, { accountId: milano })).toMatchObject({
      status: 200,
    });
    expect(await listed('email=chef%40milano.example')).toEqual([elsewhere]);
  });

  it('is made once for a repeated request', async () => {
    const napoli = await account('Napoli');
    const body = { lastName: 'Greco', email: 'g@napoli.example', accountId: napoli };
    const options = { headers: { 'idempotency-key': 'contact-1' } };
    const first = await service.call('POST', '/v1/contacts', body, options);
    const second = await service.call('POST', '/v1/contacts', body, options);
    expect(second.body).toEqual(first.body);
    const other = await service.call('POST', '/v1/contacts', { ...body, lastName: 'Verdi' }, options);
    expect(other.status).toBe(422);
  });

  it('is changed by whoever may change its account, and by all where it has none', async () => {
    const bobs = await account('Bologna', { ownerId: ids.bob });
    const id = await contact({ accountId: bobs });
    const loose = await contact({});
    const path = `/v1/contacts/${id}`;
    expect(await service.call('GET', path, undefined, rep(ids.ada))).toMatchObject({ status: 200 });
    expect(await service.call('PATCH', path, { jobTitle: 'Chef' }, rep(ids.ada))).toMatchObject({
      status: 403,
    });
    expect(
      await service.call('PATCH', `/v1/contacts/${loose}`, { accountId: bobs }, rep(ids.ada)),
    ).toMatchObject({ status: 403 });
    // Who may not change it isn't told its version.
    const stale = { ...rep(ids.ada), headers: { 'if-match': '"9"' } };
    expect(await service.call('DELETE', path, undefined, stale)).toMatchObject({ status: 403 });
    const bobsStale = { ...rep(ids.bob), headers: { 'if-match': '"9"' } };
    expect(await service.call('PATCH', path, { jobTitle: 'Chef' }, bobsStale)).toMatchObject({ status: 412 });
    expect(await service.call('PATCH', path, { jobTitle: 'Chef' }, rep(ids.bob))).toMatchObject({
      status: 200,
      body: { jobTitle: 'Chef', version: 2 },
    });
  });

  it('leaves nothing of the person when it is erased, and its address is free', async () => {
    const pisa = await account('Pisa');
    const person = {
      firstName: 'Ottavia',
      email: 'ottavia@pisa.example',
      phone: '+39 050 998877',
      notes: 'Likes olives',
      accountId: pisa,
      externalIds: ['crm-ottavia'],
    };
    const id = await contact(person);
    expect(await service.call('DELETE', `/v1/contacts/${id}`)).toMatchObject({ status: 204 });
    expect(await service.call('GET', `/v1/contacts/${id}`)).toMatchObject({ status: 404 });
    const left = JSON.stringify(await service.table.get({ pk: `contact#${id}`, sk: 'state' })).toLowerCase();
    for (const trace of ['ottavia', '998877', 'olives']) expect(left).not.toContain(trace);
    expect(await listed(`accountId=${pisa}`)).toEqual([]);
    await contact({ email: person.email, accountId: pisa });
    // It never comes back under its id of the other system.
    const again = await service.call('POST', '/v1/contacts', { ...person, email: undefined });
    expect(again.status).toBe(409);
  });
});

describe('the account of a contact', () => {
  it('is found by the contact’s address, for as long as it is its contact', async () => {
    const identities = new AccountIdentities(service.table);
    const email = { kind: 'email', value: 'lina@lecce.example' } as const;
    const [lecce, bari] = [await account('Lecce'), await account('Bari')];
    const id = await contact({ email: email.value, accountId: lecce });
    expect(await identities.find(email)).toEqual([lecce]);
    await service.call('PATCH', `/v1/contacts/${id}`, { accountId: bari });
    expect(await identities.find(email)).toEqual([bari]);
    await service.call('DELETE', `/v1/contacts/${id}`);
    expect(await identities.find(email)).toEqual([]);
  });
});

describe('a deal', () => {
  it('names contacts that there are', async () => {
    const id = await contact({});
    const worth = { amount: 1_000, currency: 'USD' };
    const deal = await made('/v1/deals', {
      name: 'Menu',
      ownerId: ids.ada,
      amount: worth,
      contactIds: [id],
    });
    expect(await service.call('GET', `/v1/deals/${deal}`)).toMatchObject({ body: { contactIds: [id] } });
    const gone = await contact({});
    await service.call('DELETE', `/v1/contacts/${gone}`);
    expect(await service.call('PATCH', `/v1/deals/${deal}`, { contactIds: [id, gone] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/contactIds/1' }] },
    });
    const cleared = await service.call('PATCH', `/v1/deals/${deal}`, { contactIds: null });
    expect(cleared.body).not.toHaveProperty('contactIds');
  });
});
