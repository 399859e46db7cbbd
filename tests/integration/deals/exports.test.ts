import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportHandlers } from '../../../services/deals/exports/handlers.ts';
import { accountImportHandler } from '../../../services/deals/imports/accounts.ts';
import { dealImportHandler } from '../../../services/deals/imports/deals.ts';
import { productImportHandler } from '../../../services/deals/imports/products.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { exportJob, jobOfExport } from '../../../shared/exports/job.ts';
import { derivedId, ExportId, ImportId } from '../../../shared/ids/id.ts';
import { csvRecords } from '../../../shared/imports/csv.ts';
import type { ImportHandler } from '../../../shared/imports/kind.ts';
import { mapColumns, readRow } from '../../../shared/imports/mapping.ts';
import { Currency } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { runJob } from '../../support/run-jobs.ts';
import { ids, type SellingService, startSellingService } from './selling-service.ts';

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

/** What a dry run of an import of the file would do. */
const importedAgain = async (handler: ImportHandler, text: string) => {
  const rows = [];
  let mapping;
  for await (const record of csvRecords([text])) {
    if (mapping === undefined) mapping = mapColumns(handler.kind, record.cells, {});
    else rows.push(readRow(mapping, record));
  }
  const importRows = await handler.open({
    importId: derivedId(ImportId, 'again'),
    dryRun: true,
    currency: Currency.parse('EUR'),
    createMissing: new Set(),
    cause: { correlationId: 'test', actor: 'system' },
    clock: clock(),
  });
  return importRows(rows.filter((row) => 'cells' in row));
};

describe('an export', () => {
  it.each([
    ['accounts', accountImportHandler, 3],
    ['products', productImportHandler, 1],
    ['deals', dealImportHandler, 3],
  ] as const)('of %s can be imported again, and changes nothing', async (kind, handler, rows) => {
    const { report, text } = await exported(kind);
    expect(report).toMatchObject({ status: 'succeeded', rows });
    const outcomes = await importedAgain(handler(service.table), text);
    expect(outcomes).toEqual(Array.from({ length: rows }, () => ({ outcome: 'unchanged' })));
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
