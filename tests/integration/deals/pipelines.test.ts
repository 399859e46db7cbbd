import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dealIdOfExternal } from '../../../services/deals/domain/deal.ts';
import { dealImportHandler } from '../../../services/deals/imports/deals.ts';
import { migratePipeline } from '../../../services/deals/pipelines/migrate-pipeline.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { derivedId, ImportId } from '../../../shared/ids/id.ts';
import type { RowOutcome } from '../../../shared/imports/kind.ts';
import { Currency } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import type { ApiAnswer, CallOptions } from '../../support/call-api.ts';
import { runJob } from '../../support/run-jobs.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);
const stage = (key: string, more: object = {}) => ({
  key,
  name: key,
  probability: 0.5,
  rottingDays: 10,
  ...more,
});
const newPipeline = async (body: object = {}): Promise<string> => {
  const stages = [stage('due'), stage('offered', { probability: 0.8 })];
  const answer = await service.call('POST', '/v1/pipelines', { name: 'Renewals', stages, ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return idOf(answer);
};
const newDeal = async (pipelineId: string, body: object = {}): Promise<string> => {
  const fields = { name: 'Pasta', ownerId: ids.ada, amount: usd(100), pipelineId, ...body };
  const answer = await service.call('POST', '/v1/deals', fields);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return idOf(answer);
};
const post = async (path: string, body: object, options: CallOptions = {}) =>
  service.call('POST', path, body, options);
const patch = async (id: string, body: object, options: CallOptions = {}) =>
  service.call('PATCH', `/v1/pipelines/${id}`, body, options);
const deal = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;
const defaultId = async () =>
  z
    .array(z.object({ id: z.string() }))
    .parse((await service.call('GET', '/v1/pipelines')).body.items)
    .at(0)?.id ?? '';

describe('pipelines', () => {
  it('are listed with the default first, which is stored once it is changed, and read on', async () => {
    const id = await newPipeline({ name: 'Alpha' });
    const first = await service.call('GET', '/v1/pipelines?limit=1');
    expect(first.body).toMatchObject({ items: [{ name: 'Sales', version: 1 }] });
    const next = await service.call('GET', `/v1/pipelines?limit=1&cursor=${String(first.body.nextCursor)}`);
    expect(next.body).toMatchObject({ items: [{ id, name: 'Alpha' }] });

    const sales = await defaultId();
    const changed = await patch(sales, { name: 'New business' }, { headers: { 'if-match': '"1"' } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'New business', version: 2 } });
    expect(await patch(sales, { name: 'X' }, { headers: { 'if-match': '"1"' } })).toMatchObject({
      status: 412,
    });
    expect((await service.call('GET', `/v1/pipelines/${sales}`)).body).toMatchObject({ version: 2 });
    expect(await patch(sales, { archived: true })).toMatchObject({ status: 409 });
    await patch(sales, { name: 'Sales' });
  });

  it('are the same when a creation is repeated, and refuse what is there twice', async () => {
    const headers = { 'idempotency-key': 'one' };
    const body = { name: 'Once', stages: [stage('a')] };
    const answers = [
      await post('/v1/pipelines', body, { headers }),
      await post('/v1/pipelines', body, { headers }),
    ];
    expect(new Set(answers.map(idOf)).size).toBe(1);
    const twice = { ...body, stages: [stage('a'), stage('a')], competitors: ['b', 'b'] };
    expect(await post('/v1/pipelines', twice)).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/stages/1/key' }, { path: '/competitors/1' }] },
    });
    expect(await post('/v1/pipelines', { ...body, stages: [stage('won')] })).toMatchObject({ status: 400 });
  });

  it('are changed by admins only', async () => {
    const giulia = as(ids.giulia, 'manager');
    expect(await post('/v1/pipelines', { name: 'Mine', stages: [stage('a')] }, giulia)).toMatchObject({
      status: 403,
    });
    expect(await patch(await newPipeline(), { name: 'Mine' }, giulia)).toMatchObject({ status: 403 });
  });

  it('take no more deals once archived, and those in them go on', async () => {
    const id = await newPipeline();
    const standing = await newDeal(id);
    await patch(id, { archived: true });
    expect(await post('/v1/deals', { name: 'x', ownerId: ids.ada, pipelineId: id })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/pipelineId' }] },
    });
    expect(await post(`/v1/deals/${standing}/stage`, { stage: 'offered' })).toMatchObject({ status: 200 });
  });
});

describe('the stage of a deal', () => {
  it('gives it its chance and forecast category, unless those were set by hand', async () => {
    const id = await newPipeline({
      stages: [stage('a'), stage('b', { probability: 0.9, forecastCategory: 'commit' })],
    });
    const dealId = await newDeal(id);
    expect(await deal(dealId)).toMatchObject({ probability: 0.5, forecastCategory: 'pipeline' });
    await post(`/v1/deals/${dealId}/stage`, { stage: 'b' });
    expect(await deal(dealId)).toMatchObject({
      probability: 0.9,
      probabilitySource: 'stage',
      forecastCategory: 'commit',
    });
    await service.call('PATCH', `/v1/deals/${dealId}`, { forecastCategory: 'omitted', probability: 0.2 });
    await post(`/v1/deals/${dealId}/stage`, { stage: 'a' });
    expect(await deal(dealId)).toMatchObject({
      probability: 0.2,
      forecastCategory: 'omitted',
      forecastCategorySource: 'hand',
    });
    await service.call('PATCH', `/v1/deals/${dealId}`, { forecastCategory: null, probability: null });
    expect(await deal(dealId)).toMatchObject({
      probability: 0.5,
      forecastCategory: 'pipeline',
      forecastCategorySource: 'stage',
    });
  });

  it('is left forward once its criteria are met, all of which are named until then; back and to a loss always', async () => {
    const exitCriteria = [
      { kind: 'field', field: 'nextStep' },
      { kind: 'field', field: 'expectedCloseOn' },
      { kind: 'activity', activity: 'demo' },
      { kind: 'note', text: 'They like it' },
    ];
    const id = await newPipeline({ stages: [stage('a'), stage('b', { exitCriteria }), stage('c')] });
    const dealId = await newDeal(id, { stage: 'b' });
    for (const answer of [
      await post(`/v1/deals/${dealId}/stage`, { stage: 'c' }),
      await post(`/v1/deals/${dealId}/win`, {}),
    ]) {
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toHaveLength(3);
      expect(JSON.stringify(answer.body.errors)).toMatch(/nextStep.*expectedCloseOn.*demo/);
    }
    expect(await post(`/v1/deals/${dealId}/stage`, { stage: 'a' })).toMatchObject({ status: 200 });
    expect(await post(`/v1/deals/${dealId}/stage`, { stage: 'b' })).toMatchObject({ status: 200 });
    expect(await post(`/v1/deals/${dealId}/lose`, { reason: 'price' })).toMatchObject({ status: 200 });
  });

  it('may be one of another pipeline, where forward is to a higher chance', async () => {
    const exitCriteria = [{ kind: 'field', field: 'nextStep' }];
    const from = await newPipeline({ stages: [stage('a', { exitCriteria })] });
    const to = await newPipeline({
      stages: [stage('low', { probability: 0.1 }), stage('high', { probability: 0.9 })],
    });
    const dealId = await newDeal(from);
    const move = async (name: string) => post(`/v1/deals/${dealId}/stage`, { stage: name, pipelineId: to });
    expect(await move('high')).toMatchObject({ status: 422 });
    expect(await move('a')).toMatchObject({ status: 422, body: { errors: [{ path: '/stage' }] } });
    expect(await move('low')).toMatchObject({ status: 200, body: { pipelineId: to, probability: 0.1 } });
  });

  it('rots by its own pipeline’s days, counted from the last movement', async () => {
    const id = await newPipeline({ stages: [stage('a', { rottingDays: 5 })] });
    const dealId = await newDeal(id);
    const stale = async () =>
      z
        .array(z.object({ id: z.string() }))
        .parse((await service.call('GET', `/v1/deals?stale=true&pipelineId=${id}`)).body.items)
        .map((each) => each.id);
    service.clock.time += 4 * 86_400_000;
    await service.call('PATCH', `/v1/deals/${dealId}`, { nextStep: 'Call Livia' });
    service.clock.time += 4 * 86_400_000;
    await service.call('PATCH', `/v1/deals/${dealId}`, { source: 'fair' });
    expect(await stale()).toEqual([]);
    service.clock.time += 2 * 86_400_000;
    expect(await stale()).toEqual([dealId]);
  });

  it('takes a lost deal’s reason and competitor from the lists of its pipeline', async () => {
    const id = await newPipeline({ lostReasons: ['eaten'], competitors: ['Bianchi'] });
    const dealId = await newDeal(id, { competitor: 'Verdi' });
    const lose = async (body: object) => post(`/v1/deals/${dealId}/lose`, body);
    expect(await lose({ reason: 'price', competitor: 'Bianchi' })).toMatchObject({ status: 422 });
    expect(await lose({ reason: 'eaten' })).toMatchObject({ body: { errors: [{ path: '/competitor' }] } });
    expect(await lose({ reason: 'eaten', competitor: 'Bianchi' })).toMatchObject({ status: 200 });
    expect(await service.call('PATCH', `/v1/deals/${dealId}`, { competitor: 'Verdi' })).toMatchObject({
      status: 422,
    });
  });
});

describe('an imported deal', () => {
  const take = async (cells: Record<string, string>): Promise<RowOutcome> => {
    const rows = await dealImportHandler(service.table).open({
      importId: derivedId(ImportId, 'test'),
      dryRun: false,
      currency: Currency.parse('USD'),
      createMissing: new Set(),
      cause: { correlationId: 'test', actor: 'system' },
      clock: { now: () => instantFrom(service.clock.time) },
    });
    const row = { externalId: 'crm-1', owner: 'Ada Marsh', amount: '10', ...cells };
    const [outcome] = await rows([{ line: 2, cells: row }]);
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };

  it('goes by its own pipeline, which the row names or it has, and asks for no exit criteria', async () => {
    const exitCriteria = [{ kind: 'field', field: 'nextStep' }];
    const id = await newPipeline({
      name: 'Imported',
      stages: [stage('one', { exitCriteria }), stage('two')],
      lostReasons: ['eaten'],
    });
    expect(await take({ pipeline: 'None', stage: 'one' })).toMatchObject({
      outcome: 'rejected',
      field: 'pipeline',
    });
    expect(await take({ stage: 'one' })).toMatchObject({ outcome: 'rejected', field: 'stage' });
    expect(await take({ pipeline: 'imported', stage: 'one' })).toMatchObject({ outcome: 'created' });
    expect(await take({ stage: 'two' })).toMatchObject({ outcome: 'updated' });
    const dealId = dealIdOfExternal('crm-1');
    expect(await deal(dealId)).toMatchObject({ pipelineId: id, stage: 'two', probability: 0.5 });
    const lost = { stage: 'lost', closedOn: '2026-11-20' };
    expect(await take({ ...lost, lostReason: 'price' })).toMatchObject({ outcome: 'rejected' });
    expect(await take(lost)).toMatchObject({ outcome: 'updated' });
    expect(await deal(dealId)).toMatchObject({ status: 'lost', lostReason: 'eaten' });
    expect(await take({ pipeline: 'Sales', stage: 'closing' })).toMatchObject({ outcome: 'updated' });
    expect(await deal(dealId)).toMatchObject({ status: 'open', stage: 'closing', probability: 0.9 });
  });
});

describe('a pipeline in use', () => {
  const migrate = async (id: string) =>
    runJob(id, {
      table: service.table,
      clock: { now: () => instantFrom(service.clock.time) },
      advanced: DealsJobAdvanced,
      handlers: [migratePipeline({ table: service.table, directory: new Directory(service.table) })],
    });
  const migrationOf = ({ body }: ApiAnswer): string =>
    z.object({ migration: z.object({ id: z.string() }) }).parse(body).migration.id;

  it('loses no stage that deals stand in, and says how many in which', async () => {
    const id = await newPipeline({ stages: [stage('a'), stage('b'), stage('c')] });
    await newDeal(id);
    await newDeal(id, { ownerId: ids.bob });
    await newDeal(id, { stage: 'b' });
    const refused = await patch(id, { stages: [stage('c')] });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toMatch(/^3 open deals .*2 in a, 1 in b/);
    const wrong = await patch(id, { stages: [stage('c')], migrate: { a: 'b', c: 'c' } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/migrate/a' }, { path: '/migrate/c' }] },
    });
    expect(await patch(id, { stages: [stage('a'), stage('b')] })).toMatchObject({ status: 200 });
  });

  it('brings its deals where they are to go, takes both stages meanwhile, and is done once', async () => {
    const id = await newPipeline({ stages: [stage('a'), stage('b', { probability: 0.7 })] });
    const standing = await newDeal(id);
    const closed = await newDeal(id);
    await post(`/v1/deals/${closed}/win`, {});
    const stages = [stage('new', { probability: 0.3 }), stage('b', { probability: 0.8 })];
    const answer = await patch(id, { stages, migrate: { a: 'new' } });
    expect(answer.status).toBe(202);
    const migration = migrationOf(answer);
    const path = `/v1/pipelines/${id}/migrations/${migration}`;
    expect((await service.call('GET', path)).body).toMatchObject({ status: 'queued', stages: { a: 'new' } });
    expect(await patch(id, { stages: [stage('b')] })).toMatchObject({ status: 409 });
    const late = await newDeal(id, { stage: 'a' });
    expect(await deal(late)).toMatchObject({ stage: 'new' });
    const ahead = await newDeal(id, { stage: 'b' });

    expect(await migrate(migration)).toMatchObject({ status: 'succeeded', counts: { deals: 1 } });
    expect(await deal(standing)).toMatchObject({ stage: 'new', probability: 0.3, version: 2 });
    expect(await deal(ahead)).toMatchObject({ stage: 'b', probability: 0.8, version: 1 });
    expect((await service.call('GET', path)).body).toMatchObject({ status: 'succeeded', deals: 1 });
    expect((await service.call('GET', `/v1/pipelines/${id}`)).body).not.toHaveProperty('migration');
    expect(await post(`/v1/deals/${late}/stage`, { stage: 'a' })).toMatchObject({ status: 422 });
    const reopened = await post(`/v1/deals/${closed}/reopen`, { reason: 'again' });
    expect(reopened).toMatchObject({ body: { stage: 'new', probability: 0.3 } });
  });

  it('brings deals the new chance of their stage', async () => {
    const id = await newPipeline({ stages: [stage('a')] });
    const [byStage, byHand] = [await newDeal(id), await newDeal(id, { probability: 0.1 })];
    const answer = await patch(id, { stages: [stage('a', { probability: 0.6 })] });
    await migrate(migrationOf(answer));
    expect(await deal(byStage)).toMatchObject({ probability: 0.6 });
    expect(await deal(byHand)).toMatchObject({ probability: 0.1, version: 1 });
  });
});
