import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';
import { startTeamService, TODAY, type TeamService } from './team-service.ts';

let service: TeamService;
beforeEach(async () => {
  service = await startTeamService();
});
afterEach(async () => {
  await service.stop();
});

const made = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(answer.body.id);
};
const pathsOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }) =>
  (body.errors as { path: string }[]).map(({ path }) => path);
const resolve = (account: object) => service.call('POST', '/v1/territories/resolve', { account });
const italy = { priority: 20, countries: ['Italy'] };

describe('a territory’s rules', () => {
  it('say where an account belongs, whose it is, and why the other rules don’t fit', async () => {
    const ada = await made('/v1/members', { name: 'Ada Marsh', role: 'rep' });
    const north = await made('/v1/territories', {
      name: 'Northern Italy',
      ownerIds: [ada],
      rules: [{ ...italy, priority: 10, postalCodePrefixes: ['1', '2'] }],
    });
    const whole = await made('/v1/territories', { name: 'Italy', rules: [italy] });
    expect(await resolve({ country: 'ITALY ', postalCode: '2 0121' })).toMatchObject({
      status: 200,
      body: { territoryId: north, ownerId: ada, rule: { territoryId: north, priority: 10 } },
    });
    expect((await resolve({ country: 'Italy', postalCode: '48121' })).body).toEqual({
      territoryId: whole,
      rule: { territoryId: whole, priority: 20 },
      considered: [
        {
          territoryId: north,
          priority: 10,
          matches: false,
          why: [{ criterion: 'postalCode', message: 'must begin with 1, 2; the account’s is 48121' }],
        },
        { territoryId: whole, priority: 20, matches: true, why: [] },
      ],
    });
    expect((await resolve({ country: 'France' })).body).not.toHaveProperty('territoryId');
  });

  it('leave the account to the next owner once the first one has departed', async () => {
    const [ada, bob] = [
      await made('/v1/members', { name: 'Ada', role: 'rep' }),
      await made('/v1/members', { name: 'Bob', role: 'rep' }),
    ];
    await made('/v1/territories', { name: 'Italy', ownerIds: [ada, bob], rules: [italy] });
    await service.call('POST', `/v1/members/${ada}/depart`, { on: TODAY, reassignTo: bob });
    expect((await resolve({ country: 'Italy' })).body).toMatchObject({ ownerId: bob });
  });

  it('are told with the territory, replaced as a whole, and taken away with null', async () => {
    const id = await made('/v1/territories', { name: 'Italy', rules: [italy] });
    expect((await service.events()).at(-1)).toMatchObject({ detail: { data: { rules: [italy] } } });
    const rules = [{ priority: 5, segments: ['enterprise'], revenue: { from: 1_000_000 } }];
    expect((await service.call('PATCH', `/v1/territories/${id}`, { rules })).body).toMatchObject({ rules });
    const none = await service.call('PATCH', `/v1/territories/${id}`, { rules: null });
    expect(none.body).not.toHaveProperty('rules');
  });

  it('that contradict another territory’s are refused, naming both', async () => {
    const other = await made('/v1/territories', { name: 'Italy', rules: [italy] });
    const same = { name: 'Italia', rules: [{ priority: 7 }, { ...italy, countries: [' ITALY', 'italy'] }] };
    const refused = await service.call('POST', '/v1/territories', same);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: '/rules/1' }] } });
    expect(JSON.stringify(refused.body)).toContain(`“Italy” (${other})`);
    const overlapping = { name: 'Bars', rules: [{ priority: 20, industries: ['bars'] }] };
    expect((await service.call('POST', '/v1/territories', overlapping)).status).toBe(422);
    const apart = { name: 'France', rules: [{ priority: 20, countries: ['France'] }] };
    const france = await made('/v1/territories', apart);
    const changed = await service.call('PATCH', `/v1/territories/${france}`, { rules: [italy] });
    expect(changed.status).toBe(422);
    // Of one territory, rules may meet: it is the same one that is meant.
    const both = { rules: [...apart.rules, { priority: 20, industries: ['bars'], countries: ['France'] }] };
    expect((await service.call('PATCH', `/v1/territories/${france}`, both)).status).toBe(200);
  });

  it('are refused with everything that is wrong with them', async () => {
    const many = Array.from({ length: 201 }, (_, index) => `country ${String(index)}`);
    const rules = [
      { priority: 0, countries: [] },
      { priority: 1.5, regions: [''], postalCodePrefixes: ['a'.repeat(21)] },
      { priority: 1_000_001, revenue: { from: 20, below: 20 } },
      { priority: 1, revenue: {}, countries: many },
      { priority: 1, revenue: { from: -1 }, segments: ['a\u0007'] },
      { priority: 1, colour: 'red', revenue: { above: 3 } },
      { countries: 'Italy' },
    ];
    const answer = await service.call('POST', '/v1/territories', { name: 'Wrong', rules });
    expect(answer.status).toBe(400);
    expect(pathsOf(answer)).toEqual(
      expect.arrayContaining([
        '/rules/0/priority',
        '/rules/0/countries',
        '/rules/1/priority',
        '/rules/1/regions/0',
        '/rules/1/postalCodePrefixes/0',
        '/rules/2/priority',
        '/rules/2/revenue/below',
        '/rules/3/revenue',
        '/rules/3/countries',
        '/rules/4/revenue/from',
        '/rules/4/segments/0',
        '/rules/5/colour',
        '/rules/5/revenue/above',
        '/rules/6/priority',
        '/rules/6/countries',
      ]),
    );
    const tooMany = Array.from({ length: 101 }, (_, index) => ({ priority: index + 1 }));
    const refused = await service.call('POST', '/v1/territories', { name: 'Many', rules: tooMany });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: '/rules' }] } });
  });

  it('hold markup as the text that it is', async () => {
    const rules = [{ priority: 1, countries: ['<b>Italy</b>'] }];
    const id = await made('/v1/territories', { name: '<script>', rules });
    expect((await service.call('GET', `/v1/territories/${id}`)).body).toMatchObject({
      name: '<script>',
      rules,
    });
  });
});

describe('an account to be resolved', () => {
  it.each([
    ['/account', {}],
    ['/account/country', { account: { country: 3 } }],
    ['/account/annualRevenue', { account: { annualRevenue: -1 } }],
    ['/account/colour', { account: { colour: 'red' } }],
  ])('is refused where %s is wrong', async (path, body) => {
    const answer = await service.call('POST', '/v1/territories/resolve', body);
    expect(answer.status).toBe(400);
    expect(pathsOf(answer)).toContain(path);
  });
});

describe('the coverage of territories', () => {
  it('tells where rules meet and what none of them fits, as they are spelled', async () => {
    const italyId = await made('/v1/territories', { name: 'Italy', rules: [italy] });
    const bars = await made('/v1/territories', {
      name: 'Bars',
      rules: [{ priority: 30, countries: ['ITALY'], industries: ['Bars'] }],
    });
    const { status, body } = await service.call('GET', '/v1/territories/coverage');
    expect(status).toBe(200);
    expect(body).toEqual({
      overlaps: [
        {
          winner: { territoryId: italyId, name: 'Italy', index: 0, priority: 20 },
          loser: { territoryId: bars, name: 'Bars', index: 0, priority: 30 },
          area: { country: { only: ['ITALY'] }, industry: { only: ['Bars'] } },
          loserNeverDecides: true,
        },
      ],
      holes: [{ country: { except: ['ITALY'] } }],
      truncated: false,
    });
  });

  it('is for managers and admins', async () => {
    const claims = (role: string) => ({
      claims: { member_id: derivedId(MemberId, 'someone'), role, scope: 'sales/team.read' },
    });
    const seenBy = async (role: string) =>
      (await service.call('GET', '/v1/territories/coverage', undefined, claims(role))).status;
    expect([await seenBy('rep'), await seenBy('manager'), await seenBy('admin')]).toEqual([403, 200, 200]);
  });
});
