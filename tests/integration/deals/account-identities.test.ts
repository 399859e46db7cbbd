import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountIdentities, contactIdentityWrites } from '../../../services/deals/accounts/identities.ts';
import { accountImportHandler } from '../../../services/deals/imports/accounts.ts';
import { AccountId, ContactId, derivedId, ImportId } from '../../../shared/ids/id.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
let identities: AccountIdentities;
beforeEach(async () => {
  service = await startSellingService();
  identities = new AccountIdentities(service.table);
});
afterEach(async () => {
  await service.stop();
});

const post = async (body: object) => {
  const answer = await service.call('POST', '/v1/accounts', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const idOf = async (body: object) => AccountId.parse((await post(body)).id);

describe('what identifies an account', () => {
  it('finds it by any spelling, from the moment it is made', async () => {
    const id = await idOf({
      name: 'Rossi',
      domains: ['Rossi.Example'],
      taxId: 'it 012.345-67',
      email: 'Info@Rossi.Example',
      externalIds: ['crm-1', 'erp-9'],
    });
    const found = [
      { kind: 'domain', value: 'WWW.rossi.example' },
      { kind: 'taxId', value: 'IT 0123 4567' },
      { kind: 'email', value: 'info@ROSSI.example ' },
      { kind: 'externalId', value: 'erp-9' },
    ] as const;
    for (const identity of found) expect(await identities.find(identity)).toEqual([id]);
    expect(await identities.find({ kind: 'domain', value: 'bianchi.example' })).toEqual([]);
  });

  it('follows every change of it, and a lost race changes nothing', async () => {
    const id = await idOf({ name: 'Rossi', domains: ['rossi.example'], email: 'a@rossi.example' });
    const patch = async (body: object, headers = {}) =>
      service.call('PATCH', `/v1/accounts/${id}`, body, { headers });
    const stale = await patch({ domains: ['stale.example'] }, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    expect((await patch({ domains: ['new.example'], email: null })).body).toMatchObject({
      domains: ['new.example'],
      version: 2,
    });
    expect(await identities.find({ kind: 'domain', value: 'rossi.example' })).toEqual([]);
    expect(await identities.find({ kind: 'domain', value: 'stale.example' })).toEqual([]);
    expect(await identities.find({ kind: 'email', value: 'a@rossi.example' })).toEqual([]);
    expect(await identities.find({ kind: 'domain', value: 'new.example' })).toEqual([id]);
  });

  it('is never the domain of a mail service for everyone', async () => {
    await post({ name: 'Rossi', domains: ['gmail.com'] });
    expect(await identities.find({ kind: 'domain', value: 'gmail.com' })).toEqual([]);
  });

  it('is taken in from files, too, with each fault told', async () => {
    const clock = { now: () => instantFrom(service.clock.time) };
    const run = await accountImportHandler(service.table).open({
      importId: derivedId(ImportId, 'test'),
      dryRun: false,
      createMissing: new Set(),
      cause: { correlationId: 'test', actor: 'system' },
      clock,
    });
    const rows = [
      { name: 'Rossi', domains: 'Rossi.example, rossi.it', taxId: 'IT 01', email: 'INFO@rossi.example' },
      { name: 'Wrong', domains: 'https://wrong.example' },
    ].map((cells, index) => ({ line: index + 2, cells }));
    expect(await run(rows)).toMatchObject([
      { outcome: 'created' },
      { outcome: 'rejected', field: 'domains' },
    ]);
    expect(await run(rows)).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'rejected' }]);
    expect(await identities.find({ kind: 'domain', value: 'rossi.it' })).toHaveLength(1);
  });

  it('tells everything that is wrong with a request at once', async () => {
    const answer = await service.call('POST', '/v1/accounts', {
      name: 'Rossi',
      domains: ['rossi'],
      taxId: '?',
      email: 'rossi',
    });
    expect(answer.status).toBe(400);
    expect((answer.body.errors as { path: string }[]).map(({ path }) => path)).toEqual([
      '/taxId',
      '/email',
      '/domains/0',
    ]);
  });
});

describe('a contact’s e-mail address', () => {
  const contact = derivedId(ContactId, 'enzo');
  const email = 'enzo@rossi.example';
  const write = async (...changes: Parameters<typeof contactIdentityWrites>) =>
    service.table.transact(contactIdentityWrites(...changes));

  it('identifies the contact’s account, moves with the contact, and goes with it', async () => {
    const [a, b] = [await idOf({ name: 'A', email }), await idOf({ name: 'B' })];
    await write(contact, { accountId: b, email: 'Enzo@Rossi.example' });
    expect(new Set(await identities.find({ kind: 'email', value: email }))).toEqual(new Set([a, b]));
    await write(contact, { accountId: a, email }, { accountId: b, email });
    expect(await identities.find({ kind: 'email', value: email })).toEqual([a]);
    await service.call('PATCH', `/v1/accounts/${a}`, { email: null });
    expect(await identities.find({ kind: 'email', value: email })).toEqual([a]);
    await write(contact, { accountId: a }, { accountId: a, email });
    expect(await identities.find({ kind: 'email', value: email })).toEqual([]);
  });
});
