import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportHandlers } from '../../../services/deals/exports/handlers.ts';
import { accountImportHandler } from '../../../services/deals/imports/accounts.ts';
import { activityImportHandler } from '../../../services/deals/imports/activities.ts';
import { contactImportHandler } from '../../../services/deals/imports/contacts.ts';
import { dealImportHandler } from '../../../services/deals/imports/deals.ts';
import { feedbackImportHandler } from '../../../services/deals/imports/feedback.ts';
import { fxRateImportHandler } from '../../../services/deals/imports/fx-rates.ts';
import { leadImportHandler } from '../../../services/deals/imports/leads.ts';
import { orderImportHandler } from '../../../services/deals/imports/orders.ts';
import { productImportHandler } from '../../../services/deals/imports/products.ts';
import { trafficImportHandler } from '../../../services/deals/imports/traffic.ts';
import { storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { exportJob, jobOfExport } from '../../../shared/exports/job.ts';
import { derivedId, ExportId, ImportId, StoreId } from '../../../shared/ids/id.ts';
import { csvRecords } from '../../../shared/imports/csv.ts';
import type { ImportHandler } from '../../../shared/imports/kind.ts';
import { mapColumns, readRow } from '../../../shared/imports/mapping.ts';
import { Currency } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { runJob } from '../../support/run-jobs.ts';
import { ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

const shop = derivedId(StoreId, 'wholesale');
const cause = { correlationId: 'test', actor: 'system' } as const;
type Made = (path: string, body: object) => Promise<string>;

/** Of contacts and leads two each remain: a third one is erased. */
const makePeople = async (made: Made, accountId: string): Promise<void> => {
  await made('/v1/contacts', { lastName: 'Serra', email: 'livia@blu.example', phone: '+39 051 123456' });
  await made('/v1/contacts', { firstName: '=A1', externalIds: ['C-1', 'C-2'], accountId, role: 'user' });
  const gone = await made('/v1/contacts', { lastName: 'Erased', email: 'erased@blu.example' });
  await made('/v1/leads', { name: 'Open, of Ada', ownerId: ids.ada, annualRevenue: 1_250_000 });
  const closed = await made('/v1/leads', { company: 'Closed', email: 'closed@blu.example', message: 'a\nb' });
  const reason = { reason: 'spam' };
  expect((await service.call('POST', `/v1/leads/${closed}/disqualify`, reason)).status).toBe(200);
  const erased = await made('/v1/leads', { name: 'Erased', email: 'erased@red.example' });
  for (const path of [`/v1/contacts/${gone}`, `/v1/leads/${erased}`])
    expect((await service.call('DELETE', path)).status).toBe(204);
};

/** Three activities, two days of traffic, two answers, an order of two lines and a refund, and two rates. */
const makeVoices = async (made: Made, { account, won }: { account: string; won: string }): Promise<void> => {
  const { call, table } = service;
  const store = { id: shop, name: 'Wholesale', platform: 'custom', currency: 'USD', createdAt: NOW };
  await new Repository(table, storeEntity, cause).create(StoreRecord.parse(store), []);
  await made('/v1/activities', { kind: 'call', ownerId: ids.ada, dealId: won, outcome: 'connected' });
  await made('/v1/activities', { kind: 'task', ownerId: ids.bob, accountId: account, dueOn: '2026-12-01' });
  const planned = { kind: 'meeting', status: 'planned', occurredAt: '2026-11-23T09:00:00Z' };
  const held = await made('/v1/activities', { ...planned, ownerId: ids.ada, accountId: account });
  expect((await call('POST', `/v1/activities/${held}/complete`, { notes: '-1' })).status).toBe(200);
  const gone = await made('/v1/activities', { kind: 'note', ownerId: ids.ada, accountId: account });
  expect((await call('DELETE', `/v1/activities/${gone}`)).status).toBe(204);
  for (const day of ['2026-11-20', '2026-11-21']) {
    const { status } = await call('POST', '/v1/traffic', { storeId: shop, day, sessions: 7, carts: 0 });
    expect(status).toBeLessThan(300);
  }
  await made('/v1/feedback', { kind: 'nps', score: 9, accountId: account, comment: '@all: good' });
  await made('/v1/feedback', { kind: 'csat', score: 5, scale: '1-7', storeId: shop, externalId: 'F-1' });
  const order = { number: '1001', date: '2026-11-20', customerEmail: 'buyer@blu.example' };
  const rows = [
    { ...order, sku: 'LAS', quantity: '2', unitPrice: '46.80', tax: '3.10', discount: '1' },
    { ...order, sku: 'PEN', quantity: '1', unitPrice: '1.85' },
    { ...order, sku: 'LAS', quantity: '-1', unitPrice: '46.80', date: '2026-11-22' },
  ];
  const importRows = await orderImportHandler(table).open({ ...importRun(), dryRun: false });
  const taken = await importRows(rows.map((cells, at) => ({ line: at + 2, cells })));
  expect(taken.map(({ outcome }) => outcome)).toEqual(['created', 'updated', 'updated']);
  const rates = { rates: { EUR: '1.0832', GBP: '1.2641' } };
  expect((await call('PUT', '/v1/fx-rates/2026-11-20', rates)).status).toBeLessThan(300);
};

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
  const { call } = service;
  const made = async (path: string, body: object) => {
    const { status, body: answer } = await call('POST', path, body);
    expect(status).toBe(201);
    return String(answer.id);
  };
  const account = await made('/v1/accounts', {
    name: '=cmd|calc',
    externalIds: ['A-1', 'A-2'],
    ownerId: ids.ada,
  });
  await made('/v1/accounts', {
    name: 'Osteria "Bella", Roma',
    domains: ['bella.example'],
    annualRevenue: 1_250_000,
  });
  await made('/v1/accounts', { name: 'Osteria "Bella", Roma', country: 'IT' });
  const product = await made('/v1/products', {
    sku: '-12',
    name: '@home',
    listPrice: { amount: 4680, currency: 'USD' },
  });
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  await made('/v1/deals', {
    name: '+39 Fusilli',
    ownerId: ids.ada,
    accountId: account,
    expectedCloseOn: '2026-12-24',
    lineItems: [{ productId: product, quantity: 2, unitPrice: usd(4680) }],
  });
  const won = await made('/v1/deals', {
    name: 'Penne\nrigate',
    ownerId: ids.ada,
    amount: usd(129_905),
    externalId: 'O-1',
  });
  expect((await call('POST', `/v1/deals/${won}/win`, {})).status).toBe(200);
  const lost = await made('/v1/deals', { name: "'=Orzo", ownerId: ids.ada, amount: usd(0), source: 'fair' });
  expect((await call('POST', `/v1/deals/${lost}/lose`, { reason: 'price' })).status).toBe(200);
  await makePeople(made, account);
  await makeVoices(made, { account, won });
});
afterAll(async () => {
  await service.stop();
});

const clock = () => ({ now: () => instantFrom(service.clock.time) });

/** The file of an export, and the report once it has ended. */
const exported = async (kind: string, filters: object = {}) => {
  const { table, files, call } = service;
  const started = await call('POST', `/v1/exports/${kind}`, filters);
  expect(started).toMatchObject({ status: 202, body: { kind, status: 'queued', rows: 0 } });
  const id = ExportId.parse(started.body.id);
  const storage = { s3: files.s3, bucket: 'bucket', service: 'deals' } as const;
  await runJob(jobOfExport(id), {
    table,
    clock: clock(),
    advanced: DealsJobAdvanced,
    handlers: exportHandlers(table).map((each) => exportJob(storage, each)),
  });
  const { body: report } = await call('GET', `/v1/exports/${kind}/${id}`);
  return { report, text: files.objects.get(`bucket/downloads/deals/${id}/${kind}.csv`) ?? '' };
};

const importRun = () => ({
  importId: derivedId(ImportId, 'again'),
  dryRun: true,
  currency: Currency.parse('USD'),
  createMissing: new Set<string>(),
  cause,
  clock: clock(),
});

/** What a dry run of an import of the file would do. */
const importedAgain = async (handler: ImportHandler, text: string) => {
  const rows = [];
  let mapping;
  for await (const record of csvRecords([text])) {
    if (mapping === undefined) mapping = mapColumns(handler.kind, record.cells, {});
    else rows.push(readRow(mapping, record));
  }
  const importRows = await handler.open({ ...importRun(), currency: Currency.parse('EUR') });
  return importRows(rows.filter((row) => 'cells' in row));
};

describe('an export', () => {
  it.each([
    ['accounts', accountImportHandler, 3],
    ['products', productImportHandler, 1],
    ['deals', dealImportHandler, 3],
    ['orders', orderImportHandler, 3],
    ['fx-rates', fxRateImportHandler, 2],
    ['contacts', contactImportHandler, 2],
    ['leads', leadImportHandler, 2],
    ['activities', activityImportHandler, 3],
    ['traffic', trafficImportHandler, 2],
    ['feedback', feedbackImportHandler, 2],
  ] as const)('of %s can be imported again, and changes nothing', async (kind, handler, rows) => {
    const { report, text } = await exported(kind);
    expect(report).toMatchObject({ status: 'succeeded', rows });
    const outcomes = await importedAgain(handler(service.table), text);
    expect(outcomes).toEqual(Array.from({ length: rows }, () => ({ outcome: 'unchanged' })));
  });

  it('of orders has sums once, and is refused where it says something else of them', async () => {
    const { text } = await exported('orders');
    const [header, ...lines] = text.trim().split('\n');
    expect(lines.filter((line) => line.endsWith(',94.45,0.00,97.55,46.80'))).toHaveLength(1);
    const changed = [header, ...lines.map((line) => line.replace(',46.80,', ',46.90,'))].join('\n');
    const outcomes = await importedAgain(orderImportHandler(service.table), changed);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['rejected', 'rejected', 'unchanged']);
  });

  it('of activities says what to change: the rest stays as it is', async () => {
    const { text } = await exported('activities');
    const outcomes = await importedAgain(
      activityImportHandler(service.table),
      text.replace('connected', 'no-answer'),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['unchanged', 'unchanged', 'updated']);
  });

  it('tells nothing of who was erased', async () => {
    const files = await Promise.all(['contacts', 'leads'].map(async (kind) => exported(kind)));
    expect(files.map(({ text }) => text).join('')).not.toMatch(/erased/i);
  });

  it('holds no formula', async () => {
    const { text } = await exported('deals');
    const cells: string[] = [];
    for await (const record of csvRecords([text])) cells.push(...record.cells);
    expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
    expect(cells).toEqual(expect.arrayContaining(["'+39 Fusilli", "''=Orzo"]));
  });

  it('answers a link that ends, made anew by each question', async () => {
    const { report } = await exported('products');
    const url = new URL(String(report.url));
    expect(url.pathname).toBe(`/bucket/downloads/deals/${String(report.id)}/products.csv`);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(url.searchParams.get('response-content-disposition')).toMatch(/^attachment; filename="products-/);
    service.clock.time += 7 * 86_400_000;
    const late = await service.call('GET', `/v1/exports/products/${String(report.id)}`);
    expect(late.body.url).toBeUndefined();
    expect(late.body.problem).toMatch(/kept for 7 days/);
  });

  it('holds what the filters leave', async () => {
    expect((await exported('deals', { status: 'won' })).report).toMatchObject({ rows: 1 });
    expect((await exported('deals', { ownerId: ids.bob })).report).toMatchObject({ rows: 0 });
    expect((await exported('deals', { status: 'open', to: '2026-12-23' })).report).toMatchObject({ rows: 0 });
    const unknown = await service.call('POST', '/v1/exports/deals', { owner: 'x' });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: '/owner' }] } });
  });

  it('is one of its kind alone', async () => {
    const { report } = await exported('products');
    expect(await service.call('GET', `/v1/exports/deals/${String(report.id)}`)).toMatchObject({
      status: 404,
    });
  });
});
