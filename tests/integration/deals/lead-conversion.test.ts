import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../../support/call-api.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => service.stop());

const amount = { amount: 250_000, currency: 'USD' };
let count = 0;
const made = async (path: string, body: object): Promise<ApiAnswer['body']> => {
  const answer = await service.call('POST', path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body;
};
const lead = async (more: object = {}): Promise<ApiAnswer['body']> => {
  count += 1;
  const email = `rosa@company-${String(count)}.example`;
  return made('/v1/leads', { name: 'Rosa Maria Conti', email, ownerId: ids.ada, source: 'website', ...more });
};
const convert = async ({ id }: ApiAnswer['body'], body: object, options = {}) =>
  service.call('POST', `/v1/leads/${String(id)}/convert`, body, options);
const get = async (path: string) => (await service.call('GET', path)).body;
interface Made {
  readonly accountId: string;
  readonly contactId: string;
  readonly dealId: string;
}
const conversionOf = ({ body }: ApiAnswer) => body.conversion as Made;

describe('converting a lead', () => {
  it('makes account, contact and deal of it', async () => {
    const source = await lead({ company: 'Osteria Blu', jobTitle: 'Owner', industry: 'restaurants' });
    const answer = await convert(source, { deal: { name: 'Sauces', amount, stage: 'qualification' } });
    expect(answer).toMatchObject({ status: 200, body: { status: 'converted' } });
    const { accountId, contactId, dealId } = conversionOf(answer);
    expect(await get(`/v1/accounts/${accountId}`)).toMatchObject({
      name: 'Osteria Blu',
      ownerId: ids.ada,
      industry: 'restaurants',
      version: 1,
    });
    expect(await get(`/v1/contacts/${contactId}`)).toMatchObject({
      firstName: 'Rosa Maria',
      lastName: 'Conti',
      accountId,
      jobTitle: 'Owner',
    });
    expect(await get(`/v1/deals/${dealId}`)).toMatchObject({
      name: 'Sauces',
      amount,
      stage: 'qualification',
      source: 'website',
      accountId,
      contactIds: [contactId],
      ownerId: ids.ada,
      attribution: { accountId, industry: 'restaurants', credits: [{ memberId: ids.ada }] },
    });
  });

  it('answers the same request with the same, also of two at once, and refuses another', async () => {
    const source = await lead({ company: 'Twice' });
    const body = { deal: { amount } };
    const [a, b] = await Promise.all([convert(source, body), convert(source, body)]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(a.body).toEqual(b.body);
    const stale = { headers: { 'if-match': '"1"' } };
    expect((await convert(source, body, stale)).body).toEqual(a.body);
    const other = await convert(source, {});
    expect(other.status).toBe(409);
    expect(other.body.detail).toContain(conversionOf(a).dealId);
    const { accountId } = conversionOf(a);
    const deals = await get(`/v1/deals?accountId=${accountId}`);
    expect(deals.items).toHaveLength(1);
  });

  it('leaves a lead that is neither changed nor reopened, and says why', async () => {
    const source = await lead({ company: 'Closed' });
    const { accountId } = conversionOf(await convert(source, {}));
    const path = `/v1/leads/${String(source.id)}`;
    for (const [method, step, body] of [
      ['PATCH', '', { name: 'B' }],
      ['POST', '/reopen', { reason: 'Again' }],
      ['POST', '/disqualify', { reason: 'spam' }],
      ['POST', '/assign', {}],
    ] as const) {
      const refused = await service.call(method, path + step, body);
      expect(refused.status, step).toBe(409);
      expect(refused.body.detail).toContain(accountId);
    }
  });

  it('joins the account that is known by the address or the domain, and its contact', async () => {
    const domains = ['roma.example'];
    const account = await made('/v1/accounts', { name: 'Roma', domains });
    const contact = await made('/v1/contacts', {
      lastName: 'Neri',
      email: 'neri@roma.example',
      accountId: account.id,
    });
    const known = await lead({ email: 'neri@roma.example' });
    expect(conversionOf(await convert(known, {}))).toMatchObject({
      accountId: account.id,
      contactId: contact.id,
    });
    const colleague = conversionOf(await convert(await lead({ email: 'new@roma.example' }), {}));
    expect(colleague.accountId).toBe(account.id);
    expect(colleague.contactId).not.toBe(contact.id);
    // The given one wins.
    const other = await made('/v1/accounts', { name: 'Milano' });
    const given = await convert(await lead({ email: 'third@roma.example' }), { accountId: other.id });
    expect(conversionOf(given).accountId).toBe(other.id);
  });

  it('makes nothing where a part of it is refused', async () => {
    const source = await lead({ company: 'Refused' });
    for (const [body, path] of [
      [{ deal: { stage: 'nowhere' } }, '/deal/stage'],
      [{ accountId: 'acct_01JD0000000000000000000000' }, '/accountId'],
      [{ contactId: 'con_01JD0000000000000000000000' }, '/contactId'],
    ] as const)
      expect(await convert(source, body)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
    const nameless = await lead({ name: undefined, company: undefined });
    expect(await convert(nameless, {})).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/accountName' }] },
    });
    expect((await get('/v1/accounts?name=Refused')).items).toEqual([]);
    expect(await get(`/v1/leads/${String(source.id)}`)).toMatchObject({ status: 'new', version: 1 });
  });

  it('adds nobody to somebody else’s account', async () => {
    const bobs = await made('/v1/accounts', { name: 'Bob’s', ownerId: ids.bob });
    const source = await lead({});
    const ada = as(ids.ada, 'rep');
    expect(await convert(source, { accountId: bobs.id }, ada)).toMatchObject({ status: 403 });
    const manager = as(ids.giulia, 'manager');
    expect(await convert(source, { accountId: bobs.id }, manager)).toMatchObject({ status: 200 });
  });
});
