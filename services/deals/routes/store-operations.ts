import * as z from 'zod';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { Conflict, NotFound, Unprocessable } from '../../../shared/errors/errors.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { DeliveryId, JobId, StoreId } from '../../../shared/ids/id.ts';
import { type Job, JobStatus, newJob } from '../../../shared/jobs/job.ts';
import type { Jobs } from '../../../shared/jobs/jobs.ts';
import { type Clock, Instant } from '../../../shared/time/instant.ts';
import type { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import { type DeliveryRecord, keptDeliveriesOf, type StoreRecord } from '../commerce/entities.ts';
import { RECONCILE_STORE, Reconciled, ReconcileInput } from '../commerce/reconcile-store.ts';
import { REPLAY_DELIVERIES } from '../commerce/replay-deliveries.ts';
import { StoreDay, type StoreDays } from '../commerce/store-days.ts';
import { silenceOf, USUAL_SILENCE_HOURS } from '../domain/commerce/store-silence.ts';

export interface StoreOperationDeps {
  readonly stores: Repository<StoreRecord>;
  readonly deliveries: Repository<DeliveryRecord>;
  readonly bodies: Pick<DeliveryBodies, 'text'>;
  readonly storeDays: StoreDays;
  readonly jobs: Jobs;
  readonly clock: Clock;
}

const params = z.object({ id: StoreId });
const HEALTH_DAYS = 14;

const StoreState = z.enum(['waiting', 'healthy', 'silent', 'failing']);

const StoreHealth = z
  .object({
    state: StoreState.describe(
      'waiting: never heard of; silent: nothing came for longer than silenceHours; failing: of what came last, deliveries are unreadable or were not signed.',
    ),
    lastEventAt: Instant.optional().describe('When its platform last sent something signed.'),
    silenceHours: z.int(),
    kept: z.int().describe('Unreadable deliveries that wait for a replay; 200 at most are counted.'),
    days: z.array(StoreDay).describe('The latest days (in UTC) with deliveries, the latest first.'),
  })
  .meta({ id: 'StoreHealth' });

const COUNTED = 200;

const storeHealth = route({
  method: 'GET',
  path: '/v1/stores/{id}/health',
  via: '/v1/stores/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'Get how a store’s deliveries go',
  params,
  response: StoreHealth,
  async handle({ params: { id } }, { stores, deliveries, storeDays, clock }: StoreOperationDeps) {
    const store = await stores.get(id);
    const [days, kept, lastEventAt] = await Promise.all([
      storeDays.latest(id, HEALTH_DAYS),
      deliveries.queryIndex('gsi1', keptDeliveriesOf(id), { limit: COUNTED }),
      storeDays.lastEventAt(id),
    ]);
    const silence = silenceOf({ ...store, lastEventAt }, clock.now());
    const latest = days[0];
    const isFailing =
      kept.items.length > 0 || (latest !== undefined && latest.signatureFailures > latest.received);
    const heard = silence === undefined ? 'waiting' : 'healthy';
    const state = silence?.silent === true ? 'silent' : isFailing ? 'failing' : heard;
    return {
      state: StoreState.parse(state),
      ...(lastEventAt !== undefined && { lastEventAt }),
      silenceHours: store.silenceHours ?? USUAL_SILENCE_HOURS,
      kept: kept.items.length,
      days: [...days],
    };
  },
});

const KeptDelivery = z
  .object({
    id: DeliveryId,
    topic: z.string(),
    receivedAt: Instant,
    note: z.string().optional().describe('Why it could not be read.'),
    version: z.int(),
  })
  .meta({ id: 'KeptDelivery' });

const listDeliveries = route({
  method: 'GET',
  path: '/v1/stores/{id}/deliveries',
  via: '/v1/stores/{id}/{view}',
  scope: 'sales/deals.read',
  adminsOnly: true,
  summary: 'List a store’s deliveries that could not be read, the latest first',
  description: 'They are kept for 30 days and can be replayed once their cause is mended.',
  params,
  query: pageQuery,
  response: page(KeptDelivery),
  async handle({ params: { id }, query }, { stores, deliveries }: StoreOperationDeps) {
    await stores.get(id);
    const binding = { list: 'deliveries', id };
    const { items, lastKey } = await deliveries.queryIndex('gsi1', keptDeliveriesOf(id), {
      limit: query.limit,
      cursor: positionOf(query, binding),
      descending: true,
    });
    return pageOf(items, lastKey, binding);
  },
});

const getDelivery = route({
  method: 'GET',
  path: '/v1/stores/{id}/deliveries/{entryId}',
  via: '/v1/stores/{id}/{kind}/{entryId}',
  scope: 'sales/deals.read',
  adminsOnly: true,
  summary: 'Get a delivery with its body as it came in',
  params: z.object({ id: StoreId, entryId: DeliveryId }),
  response: KeptDelivery.extend({
    status: z.enum(['received', 'processed', 'irrelevant', 'unreadable']),
    body: z.string(),
  }).meta({ id: 'Delivery' }),
  async handle({ params: { id, entryId } }, { deliveries, bodies }: StoreOperationDeps) {
    const delivery = await deliveries.find(entryId);
    if (delivery?.storeId !== id) throw new NotFound(`delivery ${entryId}`);
    return { ...delivery, body: await bodies.text(delivery) };
  },
});

const JobReport = z.object({
  id: JobId,
  status: JobStatus,
  createdAt: Instant,
  finishedAt: Instant.optional(),
  problem: z.string().optional().describe('Why it failed.'),
});
const Replay = JobReport.extend({
  replayed: z.int().describe('Handed on to be carried out once more.'),
}).meta({
  id: 'StoreReplay',
});
const shownReplay = (job: Job) => ({ ...job, replayed: job.counts.replayed ?? 0 });

const replay = route({
  method: 'POST',
  path: '/v1/stores/{id}/replays',
  via: '/v1/stores/{id}/{step}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Carry out a store’s unreadable deliveries once more',
  status: 202,
  idempotent: true,
  params,
  body: z.strictObject({}),
  example: {},
  response: Replay,
  async handle(request, { stores, jobs, clock }: StoreOperationDeps) {
    const { id: storeId } = request.params;
    await stores.get(storeId);
    const id = idOfNew(JobId, request, clock);
    return shownReplay(
      await jobs.startFor(newJob({ id, kind: REPLAY_DELIVERIES, input: { storeId } }, clock), request),
    );
  },
});

const Reconciliation = JobReport.extend({
  from: Instant,
  dryRun: z.boolean(),
  counts: z.object({
    orders: z.int().describe('That the platform told of so far.'),
    missing: z.int().describe('That were not here.'),
    changed: z.int().describe('That were here as they no longer are.'),
    unchanged: z.int(),
  }),
  missing: z.array(z.string()).describe('The platform’s ids of the first 100 of them.'),
  changed: z.array(z.string()).describe('The platform’s ids of the first 100 of them.'),
}).meta({ id: 'StoreReconciliation' });

const shownReconciliation = (job: Job) => {
  const { from, dryRun } = ReconcileInput.parse(job.input);
  const { orders = 0, missing = 0, changed = 0, unchanged = 0 } = job.counts;
  return {
    ...job,
    ...Reconciled.parse(job.found ?? {}),
    ...{ from, dryRun, counts: { orders, missing, changed, unchanged } },
  };
};

const LONGEST_DAYS = 366;

const reconcile = route({
  method: 'POST',
  path: '/v1/stores/{id}/reconciliations',
  via: '/v1/stores/{id}/{step}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Fetch what is missing of a store’s orders from its platform',
  description:
    'Asks the platform’s API for the orders that changed from an instant on, and takes in those that its webhooks did not bring. The store needs access to it: `api` of PATCH /v1/stores/{id}. A dry run says what it would take in.',
  status: 202,
  idempotent: true,
  params,
  body: z.strictObject({
    from: Instant.describe('Within the last 366 days.'),
    dryRun: z.boolean().default(false),
  }),
  example: { from: '2026-11-01T00:00:00Z', dryRun: true },
  response: Reconciliation,
  async handle(request, { stores, jobs, clock }: StoreOperationDeps) {
    const { from, dryRun } = request.body;
    const store = await stores.get(request.params.id);
    const now = clock.now();
    if (from > now || Date.parse(now) - Date.parse(from) > LONGEST_DAYS * 86_400_000)
      throw new Unprocessable('The time to reconcile from is not in the last 366 days.', [
        {
          path: '/from',
          message: `must not be in the future, and not be over ${String(LONGEST_DAYS)} days ago`,
        },
      ]);
    if (store.apiUrl === undefined)
      throw new Conflict(
        'The store’s orders can’t be fetched: give it access to its platform’s API first, as `api` of PATCH /v1/stores/{id}.',
      );
    const id = idOfNew(JobId, request, clock);
    const job = newJob({ id, kind: RECONCILE_STORE, input: { storeId: store.id, from, dryRun } }, clock);
    return shownReconciliation(await jobs.startFor(job, request));
  },
});

/** The store's job. @throws NotFound for another store's */
const jobOf = async (
  jobs: Jobs,
  kind: string,
  { id, entryId }: { id: StoreId; entryId: JobId },
): Promise<Job> => {
  const job = await jobs.get(entryId, kind);
  if (job.input.storeId !== id) throw new NotFound(`job ${entryId}`);
  return job;
};

const jobParams = z.object({ id: StoreId, entryId: JobId });

const getReplay = route({
  method: 'GET',
  path: '/v1/stores/{id}/replays/{entryId}',
  via: '/v1/stores/{id}/{kind}/{entryId}',
  scope: 'sales/deals.read',
  adminsOnly: true,
  summary: 'Get how far a replay is',
  params: jobParams,
  response: Replay,
  handle: async ({ params: ids }, { jobs }: StoreOperationDeps) =>
    shownReplay(await jobOf(jobs, REPLAY_DELIVERIES, ids)),
});

const getReconciliation = route({
  method: 'GET',
  path: '/v1/stores/{id}/reconciliations/{entryId}',
  via: '/v1/stores/{id}/{kind}/{entryId}',
  scope: 'sales/deals.read',
  adminsOnly: true,
  summary: 'Get how far a reconciliation is, and which orders were missing',
  params: jobParams,
  response: Reconciliation,
  handle: async ({ params: ids }, { jobs }: StoreOperationDeps) =>
    shownReconciliation(await jobOf(jobs, RECONCILE_STORE, ids)),
});

export const storeOperationRoutes = [
  storeHealth,
  listDeliveries,
  getDelivery,
  replay,
  getReplay,
  reconcile,
  getReconciliation,
] as const;
