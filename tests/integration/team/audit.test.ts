import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PersonalKeys } from '../../../services/team/audit/personal-keys.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { DealCreated, DealUpdated, DealWon } from '../../../shared/events/deals.ts';
import { MemberAdded, MemberUpdated } from '../../../shared/events/team.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { type AuditService, auditService, changeOf } from './audit-service.ts';

let dynoxide: Dynoxide;
let table: Table;
let audit: AuditService;

beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(() => dynoxide.stop());
beforeEach(async () => {
  table = await dynoxide.table();
  audit = auditService(table);
});

const deal = { id: 'deal_1', name: 'Pasta for Trattoria Roma', status: 'open', amount: { amount: 129_900 } };
const life = [
  changeOf(DealCreated, { subject: 'deal_1', version: 1 }, deal),
  changeOf(
    DealUpdated,
    { subject: 'deal_1', version: 2, actor: 'mem_bruno' },
    { ...deal, amount: { amount: 140_000 }, change: { fields: ['amount'] } },
  ),
  changeOf(
    DealWon,
    { subject: 'deal_1', version: 3 },
    { ...deal, amount: { amount: 140_000 }, status: 'won', closedAt: '2026-11-23' },
  ),
] as const;

const told = [
  {
    event: 'DealWon.v1',
    at: '2026-11-23T09:33:00.000Z',
    actor: 'mem_ada',
    correlationId: 'request-3',
    subject: 'deal_1',
    version: 3,
    previousVersion: 2,
    changes: [
      { path: '/status', before: 'open', after: 'won' },
      { path: '/closedAt', after: '2026-11-23' },
    ],
    details: {},
  },
  {
    event: 'DealUpdated.v1',
    actor: 'mem_bruno',
    version: 2,
    previousVersion: 1,
    changes: [{ path: '/amount/amount', before: 129_900, after: 140_000 }],
    details: { change: { fields: ['amount'] } },
  },
  {
    event: 'DealCreated.v1',
    version: 1,
    changes: [
      { path: '/id', after: 'deal_1' },
      { path: '/name', after: 'Pasta for Trattoria Roma' },
      { path: '/status', after: 'open' },
      { path: '/amount', after: { amount: 129_900 } },
    ],
  },
];

const trail = async (query = 'subject=deal_1') => (await audit.call('GET', `/v1/audit?${query}`)).body;

describe('the trail of a deal', () => {
  test('tells who changed what, when, and what it was before, newest first', async () => {
    await audit.record(life);
    expect(await trail()).toMatchObject({ items: told });
  });

  test('is the same when events come twice, late and in the wrong order', async () => {
    const [created, updated, won] = life;
    await audit.record([won, won]);
    await audit.record([updated]);
    await audit.record([created, won]);
    const { items } = await trail();
    expect(items).toHaveLength(3);
    expect(items).toMatchObject(told);
  });

  test('says which version it compares with where one has not come', async () => {
    const [created, , won] = life;
    await audit.record([created, won]);
    expect(await trail()).toMatchObject({ items: [{ version: 3, previousVersion: 1 }, { version: 1 }] });
  });

  test('goes on in a new epoch after a restore', async () => {
    await audit.record(life);
    await audit.record([changeOf(DealUpdated, { subject: 'deal_1', version: 2, epoch: 1 }, deal)]);
    expect(await trail()).toMatchObject({ items: [{ version: 2, previousVersion: 3 }, ...told] });
  });

  test('is read page by page, each change beside the one before it', async () => {
    await audit.record(life);
    const first = await trail('subject=deal_1&limit=1');
    expect(first.items).toMatchObject(told.slice(0, 1));
    const second = await trail(`subject=deal_1&limit=1&cursor=${String(first.nextCursor)}`);
    expect(second.items).toMatchObject(told.slice(1, 2));
    const third = await trail(`subject=deal_1&limit=1&cursor=${String(second.nextCursor)}`);
    expect(third.items).toMatchObject(told.slice(2));
    expect(third).not.toHaveProperty('nextCursor');
  });

  test('can be asked for what one person did, and still says what was before', async () => {
    await audit.record(life);
    const first = await trail('subject=deal_1&actor=mem_ada&limit=1');
    expect(first.items).toMatchObject(told.slice(0, 1));
    const second = await trail(`subject=deal_1&actor=mem_ada&limit=1&cursor=${String(first.nextCursor)}`);
    expect(second.items).toMatchObject(told.slice(2));
    expect(second).not.toHaveProperty('nextCursor');
  });

  test('is empty for what nobody changed, and is asked for by a subject', async () => {
    expect(await trail('subject=deal_2')).toEqual({ items: [] });
    expect(await audit.call('GET', '/v1/audit')).toMatchObject({ status: 400 });
    expect(await audit.call('GET', '/v1/audit?subject=deal_1&actor=nobody')).toMatchObject({ status: 400 });
  });

  test('is for admins alone', async () => {
    const claims = { member_id: 'mem_01JDB0PASTAPR0000000000001', role: 'manager', scope: 'sales/admin' };
    expect(await audit.call('GET', '/v1/audit?subject=deal_1', undefined, { claims })).toMatchObject({
      status: 403,
    });
  });

  test('expires from the table after a year', async () => {
    await audit.record(life.slice(0, 1));
    const { items } = await table.query({ pk: 'audit#deal_1' });
    expect(items).toMatchObject([{ expiresAt: Date.parse('2027-11-23T09:31:00Z') / 1000 }]);
  });
});

describe('the archive', () => {
  const lines = () =>
    [...audit.archived.values()].flatMap((bytes) => gunzipSync(bytes).toString().trimEnd().split('\n'));

  test('keeps a batch under the day of its first event, once however often it comes', async () => {
    await audit.record(life);
    await audit.record(life.toReversed());
    expect([...audit.archived.keys()]).toEqual([
      expect.stringMatching(/^audit\/2026\/11\/23\/[0-9a-f]{32}\.ndjson\.gz$/),
    ]);
    expect(lines().map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'DealCreated.v1', state: deal },
      { event: 'DealUpdated.v1' },
      { event: 'DealWon.v1' },
    ]);
  });
});

describe('who somebody is', () => {
  const rosa = { id: 'mem_rosa', name: 'Rosa Conti', email: 'rosa@example.com', rampMonths: 3 };
  const added = changeOf(MemberAdded, { subject: 'mem_rosa', version: 1 }, rosa);
  const renamed = changeOf(
    MemberUpdated,
    { subject: 'mem_rosa', version: 2 },
    { ...rosa, name: 'Rosa Bianchi', rampMonths: 6 },
  );
  const kept = async () => {
    const { items } = await table.query({ pk: 'audit#mem_rosa' });
    const texts = items.map(({ told: bytes }) => gunzipSync(bytes as Uint8Array).toString());
    return [...texts, ...[...audit.archived.values()].map((bytes) => gunzipSync(bytes).toString())].join();
  };

  test('stands in no entry and no archive in clear, and an admin reads it', async () => {
    await audit.record([added, renamed]);
    expect(await kept()).not.toMatch(/rosa conti|bianchi|example\.com/i);
    expect(await trail('subject=mem_rosa')).toMatchObject({
      items: [
        {
          changes: [
            { path: '/name', before: 'Rosa Conti', after: 'Rosa Bianchi' },
            { path: '/rampMonths', before: 3, after: 6 },
          ],
        },
        { version: 1 },
      ],
    });
  });

  test('is lost with the key, while what else changed stays', async () => {
    await audit.record([added, renamed]);
    await new PersonalKeys(table).destroy('mem_rosa');
    const { items } = await trail('subject=mem_rosa');
    expect(JSON.stringify(items)).not.toMatch(/rosa conti|bianchi|example\.com/i);
    expect(items).toMatchObject([
      { changes: [{ path: '/rampMonths', before: 3, after: 6 }] },
      { changes: expect.arrayContaining([{ path: '/name', after: '(erased)' }]) as unknown },
    ]);
  });

  test('does not come back with an event that is delivered after the erasure', async () => {
    await audit.record([added]);
    await new PersonalKeys(table).destroy('mem_rosa');
    await audit.record([added, renamed]);
    expect(JSON.stringify(await trail('subject=mem_rosa'))).not.toMatch(/rosa conti|bianchi|example\.com/i);
    expect(await new PersonalKeys(table).find('mem_rosa')).toBeUndefined();
  });

  test('is sealed with one key when two workers meet the person at once', async () => {
    await Promise.all([audit.record([added]), audit.record([renamed])]);
    const { items } = await trail('subject=mem_rosa');
    expect(JSON.stringify(items)).toMatch(/Rosa Conti.*Rosa Bianchi|Rosa Bianchi.*Rosa Conti/);
  });
});
