import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contactImportHandler } from '../../../services/deals/imports/contacts.ts';
import { leadImportHandler } from '../../../services/deals/imports/leads.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { derivedId, ImportId } from '../../../shared/ids/id.ts';
import type { ImportHandler, RowOutcome } from '../../../shared/imports/kind.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

const clock = { now: () => instantFrom(Date.parse(NOW)) };
let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => service.stop());

const run = async (
  make: (table: Table) => ImportHandler,
  rows: readonly Readonly<Record<string, string>>[],
  { dryRun = false } = {},
): Promise<readonly RowOutcome[]> => {
  const importRows = await make(service.table).open({
    importId: derivedId(ImportId, 'test'),
    dryRun,
    createMissing: new Set(),
    cause: { correlationId: 'test', actor: 'system' },
    clock,
  });
  return importRows(rows.map((cells, index) => ({ line: index + 2, cells })));
};
const outcomes = (all: readonly RowOutcome[]) => all.map(({ outcome }) => outcome);
const items = async (path: string) =>
  (await service.call('GET', path)).body.items as readonly Record<string, unknown>[];

describe('an import of leads', () => {
  const rows = [
    { externalId: 'fair-1', name: 'Lina', email: 'Lina@Verona.example', source: 'fair', owner: 'Ada Marsh' },
    { name: 'Bea', email: 'bea@verona.example', employees: '250' },
  ];

  it('makes each once, says beforehand what it would do, and changes nothing when it is repeated', async () => {
    expect(outcomes(await run(leadImportHandler, rows, { dryRun: true }))).toEqual(['created', 'created']);
    expect(await items('/v1/leads')).toEqual([]);
    expect(outcomes(await run(leadImportHandler, rows))).toEqual(['created', 'created']);
    expect(outcomes(await run(leadImportHandler, rows))).toEqual(['unchanged', 'unchanged']);
    expect(await items('/v1/leads?q=lina')).toMatchObject([{ ownerId: ids.ada, source: 'fair' }]);
    expect(await items('/v1/leads?q=bea')).toMatchObject([{ employees: 250, routedBy: { by: 'nobody' } }]);
  });

  it('leaves what was done since, unless the row says something else, and closed ones for good', async () => {
    const [lina] = await items('/v1/leads?q=lina');
    await service.call('PATCH', `/v1/leads/${String(lina?.id)}`, { phone: '+39 045 1', status: 'working' });
    expect(outcomes(await run(leadImportHandler, rows))).toEqual(['unchanged', 'unchanged']);
    const told = [{ ...rows[0], jobTitle: 'Owner' }];
    expect(outcomes(await run(leadImportHandler, told))).toEqual(['updated']);
    expect(await items('/v1/leads?q=lina')).toMatchObject([
      { phone: '+39 045 1', jobTitle: 'Owner', status: 'working' },
    ]);
    await service.call('POST', `/v1/leads/${String(lina?.id)}/disqualify`, { reason: 'spam' });
    expect(outcomes(await run(leadImportHandler, told))).toEqual(['unchanged']);
    expect(outcomes(await run(leadImportHandler, rows.slice(0, 1)))).toEqual(['rejected']);
  });

  it('rejects rows that nobody could be known by, and never brings back who was erased', async () => {
    expect(
      await run(leadImportHandler, [
        { name: 'Nobody' },
        { email: 'no address' },
        { email: 'a@verona.example', employees: 'many' },
        { email: 'b@verona.example', source: 'canary' },
      ]),
    ).toMatchObject([
      { outcome: 'rejected', field: 'email' },
      { outcome: 'rejected', field: 'email' },
      { outcome: 'rejected', field: 'employees' },
      { outcome: 'rejected', field: 'source' },
    ]);
    const [bea] = await items('/v1/leads?q=bea');
    await service.call('DELETE', `/v1/leads/${String(bea?.id)}`);
    expect(outcomes(await run(leadImportHandler, rows.slice(1)))).toEqual(['rejected']);
  });
});

describe('an import of contacts', () => {
  it('knows them by external id, else by the address on their account', async () => {
    await service.call('POST', '/v1/accounts', { name: 'Verona', externalIds: ['crm-9'] });
    const rows = [
      { externalId: 'p-1', lastName: 'Serra', email: 's@verona.example', account: 'crm-9', role: 'user' },
      { lastName: 'Greco', email: 'g@verona.example', account: 'Verona' },
      { lastName: 'Loose', email: 'g@verona.example' },
    ];
    expect(outcomes(await run(contactImportHandler, rows))).toEqual(['created', 'created', 'created']);
    expect(outcomes(await run(contactImportHandler, rows))).toEqual(['unchanged', 'unchanged', 'unchanged']);
    const told = [{ lastName: 'Serra', email: 'S@verona.example', account: 'Verona', jobTitle: 'Chef' }];
    expect(outcomes(await run(contactImportHandler, told))).toEqual(['updated']);
    expect(await items('/v1/contacts?email=s%40verona.example')).toMatchObject([
      { jobTitle: 'Chef', role: 'user', externalIds: ['p-1'] },
    ]);
  });

  it('rejects what it can’t place', async () => {
    expect(
      await run(contactImportHandler, [
        { lastName: 'A', email: 'a@x.example', account: 'Nowhere' },
        { lastName: 'B' },
        { email: 'c@x.example' },
        { lastName: 'D', email: 'd@x.example', role: 'king' },
      ]),
    ).toMatchObject([
      { outcome: 'rejected', field: 'account' },
      { outcome: 'rejected', field: 'email' },
      { outcome: 'rejected' },
      { outcome: 'rejected', field: 'role' },
    ]);
  });
});
