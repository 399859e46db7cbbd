import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { accountIdOfName } from '../../../services/deals/domain/account.ts';
import { activityIdOfExternal } from '../../../services/deals/domain/activities/activity.ts';
import { dealIdOfExternal, newDeal } from '../../../services/deals/domain/deal.ts';
import { feedbackIdOfExternal } from '../../../services/deals/domain/feedback.ts';
import { trafficIdOf } from '../../../services/deals/domain/traffic.ts';
import { defaultPipeline } from '../../../services/deals/domain/pipeline.ts';
import { activityImportHandler } from '../../../services/deals/imports/activities.ts';
import { feedbackImportHandler } from '../../../services/deals/imports/feedback.ts';
import { trafficImportHandler } from '../../../services/deals/imports/traffic.ts';
import { accountEntity, dealEntity } from '../../../services/deals/store/entities.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { derivedId, ImportId, StoreId } from '../../../shared/ids/id.ts';
import type { ImportHandler, ImportRun, RowOutcome } from '../../../shared/imports/kind.ts';
import { Money } from '../../../shared/money/money.ts';
import { Day, Instant, instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { ids, NOW, tellOrganization } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const clock = { now: () => instantFrom(Date.parse(NOW)) };
const at = Instant.parse(NOW);
const shop = derivedId(StoreId, 'shop');
const rossi = accountIdOfName('Trattoria Rossi');

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
  const store = { id: shop, name: 'Shop', platform: 'shopify', currency: 'USD', createdAt: at };
  await new Repository(table, storeEntity, cause).create(StoreRecord.parse(store), []);
  const account = { id: rossi, name: 'Trattoria Rossi', externalIds: [], createdAt: at, updatedAt: at };
  await new Repository(table, accountEntity, cause).create(account, []);
  const deal = {
    id: dealIdOfExternal('O-17'),
    name: 'Menu',
    ownerId: ids.bob,
    accountId: rossi,
    stage: 'negotiation',
    amount: Money.parse({ amount: 100, currency: 'USD' }),
  };
  await new Repository(table, dealEntity, cause).create(newDeal(deal, at, defaultPipeline), []);
});

const run = async (
  make: (table: Table) => ImportHandler,
  rows: readonly Cells[],
  options: Partial<ImportRun> = {},
): Promise<readonly RowOutcome[]> => {
  const importRows = await make(table).open({
    importId: derivedId(ImportId, 'test'),
    dryRun: false,
    createMissing: new Set(),
    cause,
    clock,
    ...options,
  });
  return importRows(rows.map((cells, index) => ({ line: index + 2, cells })));
};
const outcomesOf = (outcomes: readonly RowOutcome[]) => outcomes.map(({ outcome }) => outcome);
const stateOf = async (type: string, id: string) =>
  (await table.get({ pk: `${type}#${id}`, sk: 'state' }))?.data;

describe('an import of activities', () => {
  const call = {
    externalId: 'A-1',
    kind: 'call',
    owner: 'Ada Marsh',
    deal: 'O-17',
    occurredAt: '2026-11-20',
    outcome: 'connected',
    durationMinutes: '12',
  };
  const task = {
    externalId: 'A-2',
    kind: 'task',
    owner: 'bob.stone@pastapro.example',
    account: 'Trattoria Rossi',
    dueOn: '2026-12-01',
  };

  it('makes them once, however often the file comes, and changes what another row tells', async () => {
    expect(outcomesOf(await run(activityImportHandler, [call, task], { dryRun: true }))).toEqual([
      'created',
      'created',
    ]);
    expect(await stateOf('activity', activityIdOfExternal('A-1'))).toBeUndefined();
    expect(outcomesOf(await run(activityImportHandler, [call, task]))).toEqual(['created', 'created']);
    expect(await stateOf('activity', activityIdOfExternal('A-1'))).toMatchObject({
      ownerId: ids.ada,
      accountId: rossi,
      // The day begins at midnight in New York.
      occurredAt: '2026-11-20T05:00:00.000Z',
      durationMinutes: 12,
      teamPath: [ids.northeast, ids.east],
    });
    expect(await stateOf('activity', activityIdOfExternal('A-2'))).toMatchObject({ status: 'planned' });
    expect(outcomesOf(await run(activityImportHandler, [call, task]))).toEqual(['unchanged', 'unchanged']);
    const again = await run(activityImportHandler, [{ ...call, outcome: 'no-answer' }, call]);
    expect(outcomesOf(again)).toEqual(['updated', 'updated']);
  });

  it('rejects rows with what is wrong, and waits for members who may be on their way', async () => {
    const rows = [
      { ...call, externalId: 'B-1', kind: 'fax' },
      { ...call, externalId: 'B-2', occurredAt: '2026-11-24' },
      { ...call, externalId: 'B-3', deal: 'O-99' },
      { ...call, externalId: 'B-4', owner: 'Nobody' },
      { ...task, externalId: 'B-5', account: 'Osteria Blu' },
      { ...call, externalId: 'B-6', durationMinutes: 'long' },
      { externalId: 'B-7', kind: 'note', owner: 'Ada Marsh' },
    ];
    expect(await run(activityImportHandler, rows)).toMatchObject([
      { outcome: 'rejected', field: 'kind' },
      { outcome: 'rejected', field: 'occurredAt' },
      { outcome: 'rejected', field: 'deal' },
      { outcome: 'deferred', field: 'owner' },
      { outcome: 'rejected', field: 'account' },
      { outcome: 'rejected', field: 'durationMinutes' },
      { outcome: 'rejected' },
    ]);
  });
});

describe('an import of traffic', () => {
  it('has each day once, the last row’s', async () => {
    const rows = [
      { store: 'shop', day: '2026-11-01', sessions: '100' },
      { store: shop, day: '2026-11-01', sessions: '110' },
    ];
    expect(outcomesOf(await run(trafficImportHandler, rows))).toEqual(['created', 'updated']);
    const id = trafficIdOf({ storeId: shop, day: Day.parse('2026-11-01') });
    expect(await stateOf('traffic', id)).toMatchObject({ sessions: 110 });
    expect(outcomesOf(await run(trafficImportHandler, rows.slice(1)))).toEqual(['unchanged']);
  });

  it('rejects days to come, unknown stores and what is no number', async () => {
    const row = { store: 'shop', day: '2026-11-02', sessions: '100' };
    expect(
      await run(trafficImportHandler, [
        { ...row, day: '2026-11-24' },
        { ...row, store: 'Mall' },
        { ...row, sessions: '1.5' },
        { ...row, visitors: '101' },
      ]),
    ).toMatchObject([{ field: 'day' }, { field: 'store' }, { field: 'sessions' }, { field: 'visitors' }]);
  });
});

describe('an import of feedback', () => {
  const row = { kind: 'csat', score: '9', scale: '1-10', answeredAt: '2026-11-20', deal: 'O-17' };

  it('takes in each answer once, by its id or by what it says', async () => {
    const rows = [{ ...row, externalId: 'F-1' }, row];
    expect(outcomesOf(await run(feedbackImportHandler, rows, { dryRun: true }))).toEqual([
      'created',
      'created',
    ]);
    expect(outcomesOf(await run(feedbackImportHandler, rows))).toEqual(['created', 'created']);
    expect(outcomesOf(await run(feedbackImportHandler, rows))).toEqual(['unchanged', 'unchanged']);
    expect(await stateOf('feedback', feedbackIdOfExternal('F-1'))).toMatchObject({
      value: 5,
      ownerId: ids.bob,
      accountId: rossi,
    });
    const corrected = await run(feedbackImportHandler, [{ ...row, externalId: 'F-1', score: '2' }]);
    expect(outcomesOf(corrected)).toEqual(['updated']);
  });

  it('rejects scores off their scale and answers about nothing', async () => {
    const { deal: _, ...aboutNothing } = row;
    expect(
      await run(feedbackImportHandler, [
        { ...row, score: '11' },
        { ...row, kind: 'nps' },
        { ...row, deal: 'O-99' },
        aboutNothing,
      ]),
    ).toMatchObject([
      { outcome: 'rejected', field: 'score' },
      { outcome: 'rejected', field: 'scale' },
      { outcome: 'rejected', field: 'deal' },
      { outcome: 'rejected' },
    ]);
  });
});
