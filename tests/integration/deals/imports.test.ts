import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { accountImportHandler } from '../../../services/deals/imports/accounts.ts';
import { dealImportHandler } from '../../../services/deals/imports/deals.ts';
import { productImportHandler } from '../../../services/deals/imports/products.ts';
import { dealIdOfExternal } from '../../../services/deals/domain/deal.ts';
import { accountIdOfName } from '../../../services/deals/domain/account.ts';
import { productIdOf } from '../../../services/deals/domain/product.ts';
import { accountEntity, dealEntity } from '../../../services/deals/store/entities.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { derivedId, ImportId } from '../../../shared/ids/id.ts';
import type { ImportHandler, ImportRun, RowOutcome } from '../../../shared/imports/kind.ts';
import { Currency } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { ids, NOW, tellOrganization } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const clock = { now: () => instantFrom(Date.parse(NOW)) };

type Cells = Readonly<Record<string, string>>;

let dynoxide: Dynoxide;
let table: Table;
beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(async () => {
  await dynoxide.stop();
});
beforeEach(async () => {
  table = await dynoxide.table({ clock });
  await tellOrganization(table);
});

const run = async (
  make: (table: Table) => ImportHandler,
  rows: readonly Cells[],
  options: Partial<ImportRun> = {},
): Promise<readonly RowOutcome[]> => {
  const importRows = await make(table).open({
    importId: derivedId(ImportId, 'test'),
    dryRun: false,
    currency: Currency.parse('USD'),
    createMissing: new Set(['accounts', 'products']),
    cause,
    clock,
    ...options,
  });
  return importRows(rows.map((cells, index) => ({ line: index + 2, cells })));
};
const outcomesOf = (outcomes: readonly RowOutcome[]) => outcomes.map(({ outcome }) => outcome);
const importedDeal = async (externalId: string) =>
  new Repository(table, dealEntity, cause).find(dealIdOfExternal(externalId));

const won = {
  externalId: '1C1I7A6R',
  owner: 'Ada Marsh',
  account: 'Trattoria Roma',
  product: 'Lasagne',
  stage: 'won',
  startedOn: '2026-03-01',
  closedOn: '2026-04-15',
  amount: '1054',
};
const open = { externalId: 'HAXMC4IX', owner: 'bob.stone@pastapro.example', stage: 'qualification' };

describe('an import of deals', () => {
  it('makes deals with the close, owner, account and product of the file', async () => {
    expect(outcomesOf(await run(dealImportHandler, [won, open]))).toEqual(['created', 'created']);
    expect(await importedDeal(won.externalId)).toMatchObject({
      name: 'Trattoria Roma – Lasagne',
      status: 'won',
      ownerId: ids.ada,
      accountId: accountIdOfName('trattoria roma'),
      amount: { amount: 105_400, currency: 'USD' },
      lineItems: [{ productId: productIdOf('lasagne'), amount: { amount: 105_400 } }],
      // Days begin at midnight in New York, with and without summer time.
      startedAt: '2026-03-01T05:00:00.000Z',
      closedAt: '2026-04-15T04:00:00.000Z',
      attribution: { credits: [{ teamPath: [ids.northeast, ids.east] }], territoryPath: [ids.atlantic] },
      frozenRate: { rate: '1' },
    });
    const pending = await importedDeal(open.externalId);
    expect(pending).toMatchObject({ name: 'HAXMC4IX', status: 'open', amount: { amount: 0 } });
    expect(pending).not.toHaveProperty('startedAt');
  });

  it('changes nothing when it comes again, not even what was done to a deal since', async () => {
    await run(dealImportHandler, [won, open]);
    expect(outcomesOf(await run(dealImportHandler, [won, open]))).toEqual(['unchanged', 'unchanged']);
    const deals = new Repository(table, dealEntity, cause);
    const found = await deals.get(dealIdOfExternal(open.externalId));
    await deals.save({ ...found, stage: 'closing' }, []);
    expect(outcomesOf(await run(dealImportHandler, [open]))).toEqual(['unchanged']);
    expect(await importedDeal(open.externalId)).toMatchObject({ stage: 'closing', version: 2 });
  });

  it('brings a deal up to date in one write, even a closed one', async () => {
    await run(dealImportHandler, [won, open]);
    const news = { ...open, stage: 'lost', closedOn: '2026-11-01', lostReason: 'price' };
    const outcomes = await run(dealImportHandler, [{ ...won, amount: '1000.50' }, news]);
    expect(outcomesOf(outcomes)).toEqual(['updated', 'updated']);
    expect(await importedDeal(won.externalId)).toMatchObject({
      version: 2,
      status: 'won',
      amount: { amount: 100_050 },
      reportingAmount: { amount: 100_050 },
      closedAt: '2026-04-15T04:00:00.000Z',
    });
    expect(await importedDeal(open.externalId)).toMatchObject({
      version: 2,
      status: 'lost',
      lostReason: 'price',
    });
  });

  it('takes several rows of one deal in their order, and two spellings of an account as one', async () => {
    const rows = [open, { ...open, stage: 'closing' }, { ...won, account: ' trattoria  roma' }, won];
    const outcomes = await run(dealImportHandler, rows);
    expect(outcomesOf(outcomes)).toEqual(['created', 'updated', 'created', 'unchanged']);
    expect(await importedDeal(open.externalId)).toMatchObject({ stage: 'closing', version: 1 });
    const page = await new Repository(table, accountEntity, cause).queryIndex('gsi2', 'accounts');
    expect(page.items).toHaveLength(1);
  });

  it('writes nothing in a dry run, and says the same', async () => {
    expect(outcomesOf(await run(dealImportHandler, [won, open], { dryRun: true }))).toEqual([
      'created',
      'created',
    ]);
    expect(await importedDeal(won.externalId)).toBeUndefined();
  });

  it('waits for an owner who may be on the way from the team service', async () => {
    const [outcome] = await run(dealImportHandler, [{ ...open, owner: 'Nora New' }]);
    expect(outcome).toMatchObject({ outcome: 'deferred', field: 'owner' });
    expect(outcome).toHaveProperty('message', 'there is no member named “Nora New”');
  });

  it.each([
    ['stage', { stage: 'Engaging' }],
    ['amount', { amount: '12.345' }],
    ['amount', { amount: '-5' }],
    ['amount', { amount: 'a lot' }],
    ['startedOn', { startedOn: '2026-02-30' }],
    ['closedOn', { stage: 'lost' }],
    ['closedOn', { stage: 'won', amount: '1', closedOn: '2027-01-01' }],
    ['lostReason', { stage: 'lost', closedOn: '2026-01-01', lostReason: 'bad luck' }],
    ['account', { account: 'Nobody' }],
    ['source', { source: 'canary' }],
  ])('rejects a row with a bad %s, naming the cell', async (field, cells) => {
    const [bad, good] = await run(
      dealImportHandler,
      [
        { ...open, ...cells },
        { ...open, externalId: 'good' },
      ],
      {
        createMissing: new Set(),
      },
    );
    expect(bad).toMatchObject({ outcome: 'rejected', field });
    expect(good).toMatchObject({ outcome: 'created' });
  });
});

describe('imports of accounts and products', () => {
  it('know an account by its name where there is no external id', async () => {
    const rows = [
      { name: 'Acme', industry: 'technology' },
      { name: 'ACME', industry: 'software' },
    ];
    expect(outcomesOf(await run(accountImportHandler, rows))).toEqual(['created', 'updated']);
    expect(outcomesOf(await run(accountImportHandler, rows.slice(1)))).toEqual(['unchanged']);
    const [bad] = await run(accountImportHandler, [{ industry: 'retail' }]);
    expect(bad).toMatchObject({ outcome: 'rejected', field: 'name' });
  });

  it('take a product’s name for its SKU where there is none', async () => {
    const rows = [{ name: 'GTX Pro', category: 'GTX', listPrice: '4821' }];
    expect(outcomesOf(await run(productImportHandler, rows))).toEqual(['created']);
    expect(outcomesOf(await run(productImportHandler, rows))).toEqual(['unchanged']);
    const dearer = [{ name: 'GTX Pro', listPrice: '5000' }];
    expect(outcomesOf(await run(productImportHandler, dearer))).toEqual(['updated']);
  });
});
