import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLeadsOf } from '../../../services/deals/leads/route-lead.ts';
import { leadLoadKey } from '../../../services/deals/store/lead-entity.ts';
import { MemberUpdated, TerritoryChanged } from '../../../shared/events/team.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { ApiAnswer } from '../../support/call-api.ts';
import { as, ids, members, type SellingService, startSellingService, tell } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
  // Atlantic takes the US: Ada and Bob own it, Carl is away.
  await tell(
    service.table,
    TerritoryChanged,
    ids.atlantic,
    {
      id: ids.atlantic,
      name: 'Atlantic',
      ownerIds: [ids.ada, ids.bob, ids.carl],
      rules: [{ priority: 10, countries: ['US'] }],
    },
    2,
  );
  const absences = [{ from: '2026-11-20', until: '2026-11-30' }];
  await tell(service.table, MemberUpdated, ids.carl, { ...members.carl, absences }, 2);
});
afterAll(async () => service.stop());

const rep = (id: MemberId) => as(id, 'rep');
const giulia = as(ids.giulia, 'manager');
let count = 0;
const post = async (path: string, body: object, options = {}): Promise<ApiAnswer> =>
  service.call('POST', path, body, options);
const made = async (body: object, options = {}): Promise<ApiAnswer['body']> => {
  count += 1;
  const answer = await post('/v1/leads', { name: `Lead ${String(count)}`, ...body }, options);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body;
};
const path = ({ id }: ApiAnswer['body'], step = '') => `/v1/leads/${String(id)}${step}`;
const shown = async (lead: ApiAnswer['body']) => (await service.call('GET', path(lead))).body;
const listed = async (query: string, options = {}): Promise<unknown[]> => {
  const answer = await service.call('GET', `/v1/leads?${query}`, undefined, options);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  return (answer.body.items as { id: string }[]).map(({ id }) => id);
};
const openOf = async (id: MemberId): Promise<number> =>
  (await openLeadsOf(service.table, [id])).get(leadLoadKey(id).pk) ?? 0;

describe('a lead without an owner', () => {
  it('goes to present owners of its territory in turn, and says why', async () => {
    const leads = [];
    for (let n = 0; n < 6; n += 1) leads.push(await made({ country: 'US' }));
    const owners = leads.map(({ ownerId }) => ownerId);
    for (const id of [ids.ada, ids.bob]) expect(owners.filter((owner) => owner === id)).toHaveLength(3);
    expect(leads[0]).toMatchObject({
      territoryId: ids.atlantic,
      routedBy: { by: 'rules', territoryId: ids.atlantic, priority: 10 },
    });
    expect(leads[0]?.teamPath).toEqual([ids.northeast, ids.east]);
  });

  it('makes up for it where many at once went by the same count', async () => {
    const before = [await openOf(ids.ada), await openOf(ids.bob)];
    const answers = await Promise.all(Array.from({ length: 12 }, async () => made({ country: 'US' })));
    expect(answers).toHaveLength(12);
    const after = [await openOf(ids.ada), await openOf(ids.bob)];
    const [adas = 0, bobs = 0] = after.map((open, index) => open - (before[index] ?? 0));
    expect(adas + bobs).toBe(12);
    const gap = Math.abs(adas - bobs);
    expect(gap).toBeLessThan(12);
    for (let n = 0; n < gap; n += 1) await made({ country: 'US' });
    expect(await openOf(ids.ada)).toBe(await openOf(ids.bob));
  });

  it('is nobody’s where no territory fits, until something changes that the rules go by', async () => {
    const lead = await made({ country: 'IT' });
    expect(lead).not.toHaveProperty('ownerId');
    expect(lead).toMatchObject({ routedBy: { by: 'nobody' } });
    expect(await listed('unassigned=true', giulia)).toEqual([lead.id]);
    expect(await listed('unassigned=true', rep(ids.ada))).toEqual([]);
    const call = { kind: 'call', leadId: lead.id };
    expect((await post('/v1/activities', call, giulia)).status).toBe(201);
    expect((await post('/v1/activities', call, rep(ids.ada))).status).toBe(422);
    expect(await service.call('GET', path(lead), undefined, rep(ids.ada))).toMatchObject({ status: 404 });
    const moved = await service.call('PATCH', path(lead), { country: 'US' });
    expect([ids.ada, ids.bob]).toContain(moved.body.ownerId);
    expect(await listed('unassigned=true', giulia)).toEqual([]);
  });
});

describe('a lead with an owner', () => {
  it('is given to others only by those who may, and counts where it is', async () => {
    const lead = await made({ ownerId: ids.ada });
    const [ada, bob] = [await openOf(ids.ada), await openOf(ids.bob)];
    const give = { ownerId: ids.bob };
    expect(await post(path(lead, '/assign'), give, rep(ids.bob))).toMatchObject({ status: 404 });
    expect(await post(path(lead, '/assign'), give, rep(ids.ada))).toMatchObject({ status: 403 });
    expect(await post(path(lead, '/assign'), give, giulia)).toMatchObject({
      status: 200,
      body: { ownerId: ids.bob, routedBy: { by: 'hand' }, version: 2 },
    });
    expect([await openOf(ids.ada), await openOf(ids.bob)]).toEqual([ada - 1, bob + 1]);
    await post(path(lead, '/disqualify'), { reason: 'spam' });
    expect(await openOf(ids.bob)).toBe(bob);
  });

  it('is scored by what is told of it, each time it is written', async () => {
    const lead = await made({ ownerId: ids.ada, email: 'rosa@gmail.com' });
    expect(lead.reasons).toContainEqual({ code: 'freeMail', points: -5 });
    const told = { email: 'rosa@big.example', jobTitle: 'CEO', employees: 2_000, source: 'Referral' };
    const { body } = await service.call('PATCH', path(lead), told);
    expect(body.reasons).toEqual(
      expect.arrayContaining([
        { code: 'seniority', points: 15 },
        { code: 'companySize', points: 15 },
        { code: 'source', points: 20 },
        { code: 'businessEmail', points: 10 },
      ]),
    );
    expect(Number(body.score)).toBeGreaterThan(Number(lead.score));
  });

  it('refuses an edit of what somebody else changed, and unknown reasons', async () => {
    const lead = await made({ ownerId: ids.ada });
    const stale = { headers: { 'if-match': '"7"' } };
    expect(await service.call('PATCH', path(lead), { name: 'B' }, stale)).toMatchObject({ status: 412 });
    const refused = await post(path(lead, '/disqualify'), { reason: 'bored' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: '/reason' }] } });
    expect(JSON.stringify(refused.body)).toContain('no budget');
  });

  it('is given up, and worked again', async () => {
    const lead = await made({ ownerId: ids.ada });
    expect(await post(path(lead, '/reopen'), { reason: 'Why not' })).toMatchObject({ status: 409 });
    expect(await post(path(lead, '/disqualify'), { reason: 'no budget' })).toMatchObject({
      body: { status: 'disqualified', disqualification: { reason: 'no budget' } },
    });
    expect(await service.call('PATCH', path(lead), { name: 'B' })).toMatchObject({ status: 409 });
    const again = await post(path(lead, '/reopen'), { reason: 'Has a budget' });
    expect(again).toMatchObject({ status: 200, body: { status: 'working' } });
    expect(again.body).not.toHaveProperty('disqualification');
  });

  it('leaves nothing of the person when it is erased, and is out of all lists', async () => {
    const body = { name: 'Ottavia', email: 'ottavia@lucca.example', message: 'Olives', externalId: 'web-1' };
    const lead = await made({ ...body, ownerId: ids.carl, source: 'fair' });
    expect(await service.call('DELETE', path(lead))).toMatchObject({ status: 204 });
    expect(await service.call('GET', path(lead))).toMatchObject({ status: 404 });
    const left = await service.table.get({ pk: `lead#${String(lead.id)}`, sk: 'state' });
    expect(JSON.stringify(left)).not.toMatch(/ottavia|olives|web-1/i);
    expect(await listed(`ownerId=${ids.carl}`)).toEqual([]);
    expect(await listed('source=fair')).toEqual([]);
    expect(await openOf(ids.carl)).toBe(0);
    // Nobody is a duplicate of someone who is gone.
    expect(await made({ email: body.email, ownerId: ids.ada })).not.toHaveProperty('duplicateOf');
  });
});

describe('a list of leads', () => {
  it('is narrowed by owner, team, status, source, score, text and day', async () => {
    const mine = await made({ name: 'Bella Vista', ownerId: ids.carl, source: 'Fair', employees: 3_000 });
    const worked = await made({ company: 'Nuova Bella', ownerId: ids.carl });
    await service.call('PATCH', path(worked), { status: 'working' });
    const both = [mine.id, worked.id];
    expect(await listed('mine=true', rep(ids.carl))).toEqual(both);
    expect(await listed(`teamId=${ids.southeast}`)).toEqual(both);
    expect(await listed(`ownerId=${ids.carl}`, rep(ids.ada))).toEqual([]);
    expect(await listed(`ownerId=${ids.carl}&status=working`)).toEqual([worked.id]);
    expect(await listed('source=fair')).toEqual([mine.id]);
    expect(await listed(`ownerId=${ids.carl}&source=fair`)).toEqual([mine.id]);
    expect(await listed('q=BELLA')).toEqual(both);
    expect(await listed(`ownerId=${ids.carl}&scoreFrom=${String(mine.score)}`)).toEqual([mine.id]);
    expect(await listed(`ownerId=${ids.carl}&createdFrom=2026-11-23&createdTo=2026-11-23`)).toEqual(both);
    expect(await listed(`ownerId=${ids.carl}&createdFrom=2026-11-24`)).toEqual([]);
    const first = await service.call('GET', `/v1/leads?ownerId=${ids.carl}&limit=1`);
    expect(first.body.items).toMatchObject([{ id: mine.id }]);
    const cursor = encodeURIComponent(String(first.body.nextCursor));
    expect(await listed(`ownerId=${ids.carl}&limit=1&cursor=${cursor}`)).toEqual([worked.id]);
  });
});

describe('a lead that is known already', () => {
  it('is marked as repeating an open lead, of two at once as well, until that one is closed', async () => {
    const twice = { email: 'twice@siena.example', ownerId: ids.ada };
    const [a, b] = await Promise.all([made(twice), made(twice)]);
    const [first, second] = a.duplicateOf === undefined ? [a, b] : [b, a];
    expect(first).not.toHaveProperty('duplicateOf');
    expect(second).toMatchObject({ duplicateOf: { kind: 'lead', id: first.id } });
    expect(await listed('duplicates=true')).toContain(second.id);
    expect(await listed('duplicates=false')).not.toContain(second.id);
    // Its company's domain and the name say the same.
    const namesake = { name: String(first.name).toUpperCase(), email: 'other@siena.example' };
    expect(await made({ ...namesake, ownerId: ids.ada })).toMatchObject({ duplicateOf: { kind: 'lead' } });
    for (const each of [first, second]) await post(path(each, '/disqualify'), { reason: 'spam' });
    expect(await made(twice)).not.toHaveProperty('duplicateOf');
  });

  it('is marked as repeating a contact or an account', async () => {
    const domains = ['parma.example'];
    const account = await post('/v1/accounts', { name: 'Parma Ham', domains });
    const contact = await post('/v1/contacts', { lastName: 'Verdi', email: 'verdi@parma.example' });
    const ownerId = ids.ada;
    expect(await made({ ownerId, email: 'verdi@parma.example' })).toMatchObject({
      duplicateOf: { kind: 'contact', id: contact.body.id },
    });
    expect(await made({ ownerId, name: 'Verdi', email: 'info@parma.example' })).toMatchObject({
      duplicateOf: { kind: 'contact', id: contact.body.id },
    });
    expect(await made({ ownerId, company: 'parma ham', email: 'x@parma.example' })).toMatchObject({
      duplicateOf: { kind: 'account', id: account.body.id },
    });
    expect(await made({ ownerId, company: 'Other', email: 'y@parma.example' })).not.toHaveProperty(
      'duplicateOf',
    );
  });

  it('is unmarked by hand, and stays so', async () => {
    const same = { email: 'same@arezzo.example', ownerId: ids.ada };
    await made(same);
    const second = await made(same);
    const unmarked = await service.call('PATCH', path(second), { duplicateOf: null });
    expect(unmarked.body).not.toHaveProperty('duplicateOf');
    await service.call('PATCH', path(second), { phone: '+1 617 555 0100' });
    expect(await shown(second)).not.toHaveProperty('duplicateOf');
  });
});
