import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { activityEntity } from '../../services/deals/activities/entity.ts';
import { buyerEntity } from '../../services/deals/commerce/customer-entities.ts';
import { accountMergeEntity } from '../../services/deals/accounts/merge/merge-store.ts';
import { deliveryEntity, orderEntity, storeEntity } from '../../services/deals/commerce/entities.ts';
import { storeSilenceEntity } from '../../services/deals/commerce/watch-stores.ts';
import { applyMessage } from '../../services/deals/domain/commerce/order.ts';
import { readShopify } from '../../services/deals/domain/commerce/shopify.ts';
import { newDeal } from '../../services/deals/domain/deal.ts';
import { defaultPipeline } from '../../services/deals/domain/pipeline.ts';
import {
  accountEntity,
  dealEntity,
  fxRatesEntity,
  pipelineEntity,
  productEntity,
} from '../../services/deals/store/entities.ts';
import { leadEntity } from '../../services/deals/store/lead-entity.ts';
import { contactEntity } from '../../services/deals/store/contact-entity.ts';
import { alertEntity, goalEntity } from '../../services/goals/store/entities.ts';
import { periodLockEntity } from '../../services/deals/store/period-locks.ts';
import { feedbackEntity, feedbackInvitationEntity } from '../../services/deals/store/feedback.ts';
import { trafficEntity } from '../../services/deals/store/traffic.ts';
import { rottingDealsEntity } from '../../services/deals/store/rotting-deals.ts';
import { goalsAtRiskEntity } from '../../services/goals/store/goals-at-risk.ts';
import { kpiAnswersEntity } from '../../services/metrics/store/kpi-answers.ts';
import { settingsReportEntity } from '../../services/metrics/store/settings-report.ts';
import { bucketKey } from '../../services/metrics/store/keys.ts';
import { coachingSessionEntity } from '../../services/team/store/coaching.ts';
import { candidateEntity } from '../../services/team/store/candidates.ts';
import { reviewEntity } from '../../services/team/store/reviews.ts';
import { personalDataEntity } from '../../services/team/privacy/requests.ts';
import { settingsChangeEntity } from '../../services/team/store/settings-changes.ts';
import { meetingEntity } from '../../services/team/store/meetings.ts';
import { dayEntity } from '../../services/team/store/days.ts';
import {
  memberEntity,
  organizationEntity,
  teamEntity,
  territoryEntity,
} from '../../services/team/store/entities.ts';
import { assignmentEntity, programEntity } from '../../services/team/store/training-entities.ts';
import { shopifyOrder } from '../../infra/local/demo/shopify-order.ts';
import { type Entity, type Identified, indexKeysOf } from '../../shared/dynamodb/entity.ts';
import type { Item } from '../../shared/dynamodb/item.ts';
import {
  AccountId,
  CandidateId,
  CoachingSessionId,
  DealId,
  DeliveryId,
  derivedId,
  ImportId,
  JobId,
  MeetingId,
  MemberId,
  MergeId,
  OrderId,
  ProductId,
  RequestId,
  ReviewId,
  StoreId,
  TeamId,
} from '../../shared/ids/id.ts';
import { importEntity } from '../../shared/imports/storage.ts';
import { jobEntity } from '../../shared/jobs/job.ts';
import { Money } from '../../shared/money/money.ts';
import { Day, Instant } from '../../shared/time/instant.ts';
import { alertFixture, goalOf, memberId } from '../unit/goals/goal.fixture.ts';

const at = Instant.parse('2026-11-23T09:30:00Z');

/** An item as a repository writes it. */
export const itemOf = <T extends Identified>(entity: Entity<T>, state: unknown, version = 3): Item => {
  const data = entity.schema.parse(state);
  return { ...entity.key(data.id), ...indexKeysOf(entity, data), type: entity.type, version, epoch: 1, data };
};

/** The state that a published event carries. */
const published = (detailType: string): unknown => {
  const file = new URL(`../contracts/events/fixtures/${detailType}/1.json`, import.meta.url);
  const Fixture = z.object({ detail: z.object({ data: z.unknown() }) });
  return Fixture.parse(JSON.parse(readFileSync(file, 'utf8'))).detail.data;
};

/** The state of a published event, as it is kept with when it was written. */
const keptAs = (detailType: string): object => ({
  ...z.looseObject({}).parse(published(detailType)),
  createdAt: at,
  updatedAt: at,
});

const store = derivedId(StoreId, 'shop');
const placed = {
  topic: 'orders/paid',
  body: shopifyOrder({
    id: '820982911946154508',
    number: 1001,
    at: '2026-10-05T09:00:00-04:00',
    lines: [{ sku: 'PEN-500', title: 'Penne 500 g', quantity: 40, price: '1.85' }],
  }),
  triggeredAt: at,
};

export const dealItem = itemOf(
  dealEntity,
  newDeal(
    {
      id: derivedId(DealId, 'one'),
      name: 'Pasta for Trattoria Roma',
      ownerId: derivedId(MemberId, 'ada'),
      stage: 'negotiation',
      amount: Money.parse({ amount: 129_900, currency: 'USD' }),
    },
    at,
    defaultPipeline,
  ),
);

const orderItem = itemOf(
  orderEntity,
  applyMessage(
    {
      id: derivedId(OrderId, store, '820982911946154508'),
      storeId: store,
      platform: 'shopify',
      externalId: '820982911946154508',
      refunds: [],
      deleted: false,
      productIds: {},
    },
    readShopify(placed),
    at,
  ),
);

const deliveryItem = itemOf(deliveryEntity, {
  id: derivedId(DeliveryId, 'delivery'),
  storeId: store,
  platform: 'shopify',
  topic: placed.topic,
  triggeredAt: at,
  receivedAt: at,
  body: new Uint8Array([1, 2, 3]),
  status: 'received',
});

const importItem = itemOf(importEntity, {
  id: derivedId(ImportId, 'import'),
  kind: 'deals',
  status: 'running',
  dryRun: false,
  columns: {},
  values: {},
  createMissing: [],
  file: 'imports/deals/one.csv',
  rows: 2,
  done: 1,
  created: 1,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  nextLine: 3,
  deferred: [],
  createdAt: at,
});

const jobItem = itemOf(jobEntity, {
  id: derivedId(JobId, 'job'),
  kind: 'hand-over',
  status: 'running',
  input: {},
  counts: { deals: 1 },
  pages: 1,
  createdAt: at,
});

const coachingItem = itemOf(coachingSessionEntity, {
  id: derivedId(CoachingSessionId, 'session'),
  memberId: derivedId(MemberId, 'ada'),
  coachId: derivedId(MemberId, 'giulia'),
  heldOn: '2026-11-20',
  focusKpi: 'winRate',
  actions: [],
  effect: {},
  requests: {},
  createdAt: at,
});

const reviewItem = itemOf(reviewEntity, {
  id: derivedId(ReviewId, 'review'),
  memberId: derivedId(MemberId, 'ada'),
  period: '2026-Q4',
  from: '2026-10-01',
  to: '2027-01-01',
  status: 'draft',
  ratings: [],
  request: derivedId(RequestId, 'review'),
  createdAt: at,
});

const meetingItem = itemOf(meetingEntity, {
  id: derivedId(MeetingId, 'monday'),
  teamId: derivedId(TeamId, 'east'),
  title: 'Monday round',
  startsAt: at,
  attendeeIds: [],
  agenda: [],
  decisions: [],
  actions: [],
  prepared: {},
  request: derivedId(RequestId, 'monday'),
  createdAt: at,
});

const agendaAnswer = {
  id: derivedId(RequestId, 'monday'),
  requestId: derivedId(RequestId, 'monday'),
  meetingId: derivedId(MeetingId, 'monday'),
  asOf: at,
};
const rottingDealsItem = itemOf(rottingDealsEntity, { ...agendaAnswer, deals: [] });
const goalsAtRiskItem = itemOf(goalsAtRiskEntity, { ...agendaAnswer, goals: [] });

const kpiAnswersItem = itemOf(kpiAnswersEntity, {
  ...z.looseObject({}).parse(published('KpisMeasured.v1')),
  id: derivedId(RequestId, 'request'),
  requestId: derivedId(RequestId, 'request'),
});

export const bucketItem = (scope: 'org' | 'industry', counters: Item, version = 3): Item => ({
  ...bucketKey({
    dimension: scope,
    key: scope === 'org' ? 'org' : 'food',
    day: Day.parse('2026-11-20'),
    shard: 0,
  }),
  type: 'bucket',
  version,
  epoch: 1,
  currency: 'USD',
  ...counters,
});

export const goalItem = itemOf(goalEntity, goalOf());
const mailed = alertFixture({
  state: 'sent',
  recipients: [{ memberId: memberId('Giulia'), role: 'manager', state: 'sent', attempts: 1, at }],
});

/** One stored item of each kind that tells of itself, by its service. */
export const storedSamples: Readonly<Record<'team' | 'deals' | 'metrics' | 'goals', readonly Item[]>> = {
  team: [
    itemOf(organizationEntity, {
      ...z.looseObject({}).parse(published('OrganizationUpdated.v1')),
      id: 'organization',
    }),
    itemOf(memberEntity, published('MemberAdded.v1')),
    itemOf(teamEntity, published('TeamChanged.v1')),
    itemOf(territoryEntity, published('TerritoryChanged.v1')),
    itemOf(settingsChangeEntity, {
      ...z.looseObject({}).parse(published('SettingsChangeRequested.v1')),
      dryRun: false,
      status: 'running',
      preview: {},
      parts: {},
      problems: [],
      createdAt: at,
    }),
    itemOf(dayEntity, { id: 'day', day: '2026-11-23' }),
    itemOf(candidateEntity, {
      id: derivedId(CandidateId, 'livia'),
      name: 'Livia Serra',
      email: 'livia@example.com',
      role: 'Account executive',
      stage: 'applied',
      stageHistory: [{ stage: 'applied', at, by: 'system' }],
      notes: [],
      scorecards: [],
    }),
    itemOf(programEntity, published('TrainingProgramChanged.v1')),
    itemOf(assignmentEntity, {
      ...z.looseObject({}).parse(published('TrainingAssignmentChanged.v1')),
      modules: [{ key: 'shapes', name: 'Shapes and sauces', attempts: [] }],
    }),
    coachingItem,
    reviewItem,
    meetingItem,
    importItem,
    jobItem,
    itemOf(personalDataEntity, {
      id: derivedId(JobId, 'erasure'),
      kind: 'member',
      subjectId: derivedId(MemberId, 'ada'),
      action: 'erase',
      status: 'running',
      services: {},
      createdAt: at,
    }),
  ],
  deals: [
    dealItem,
    itemOf(accountEntity, {
      id: derivedId(AccountId, 'roma'),
      name: 'Trattoria Roma',
      externalIds: [],
      createdAt: at,
      updatedAt: at,
    }),
    itemOf(leadEntity, {
      ...z.looseObject({}).parse(published('LeadCreated.v1')),
      reasons: [],
      routedBy: { by: 'hand', reason: 'It was made with this owner.' },
      updatedAt: at,
    }),
    itemOf(contactEntity, {
      ...z.looseObject({}).parse(published('ContactChanged.v1')),
      lastName: 'Serra',
      externalIds: [],
      createdAt: at,
      updatedAt: at,
    }),
    itemOf(pipelineEntity, defaultPipeline),
    itemOf(accountMergeEntity, {
      id: derivedId(MergeId, 'merge'),
      accountId: derivedId(AccountId, 'roma'),
      duplicateId: derivedId(AccountId, 'rome'),
      status: 'merged',
      jobId: derivedId(JobId, 'merge'),
      filled: { fields: {}, domains: [], externalIds: [] },
      moved: { deals: 2 },
      createdAt: at,
      mergedAt: at,
    }),
    itemOf(productEntity, {
      id: derivedId(ProductId, 'penne'),
      sku: 'PEN-500',
      name: 'Penne',
      createdAt: at,
      updatedAt: at,
    }),
    itemOf(storeEntity, published('StoreChanged.v1')),
    itemOf(storeSilenceEntity, published('StoreSilenceChanged.v1')),
    itemOf(fxRatesEntity, { id: '2026-11-20', day: '2026-11-20', base: 'USD', rates: { EUR: '1.08' } }),
    itemOf(periodLockEntity, published('PeriodLocked.v1')),
    itemOf(trafficEntity, keptAs('TrafficRecorded.v1')),
    itemOf(feedbackEntity, keptAs('FeedbackReceived.v1')),
    itemOf(feedbackInvitationEntity, keptAs('FeedbackInvited.v1')),
    itemOf(activityEntity, { ...keptAs('ActivityLogged.v1'), subjectLine: 'Spring menu' }),
    orderItem,
    itemOf(buyerEntity, {
      id: derivedId(AccountId, 'roma'),
      purchases: [{ source: derivedId(DealId, 'one'), at, dealId: derivedId(DealId, 'one') }],
      more: false,
    }),
    deliveryItem,
    rottingDealsItem,
    importItem,
    jobItem,
  ],
  metrics: [
    itemOf(settingsReportEntity, published('MetricsSettingsChangeReported.v1')),
    jobItem,
    bucketItem('org', { 'c.wonDeals': 2, 'c.wonRevenue': 5_000 }),
    kpiAnswersItem,
  ],
  goals: [goalItem, goalsAtRiskItem, itemOf(alertEntity, mailed), jobItem],
};
