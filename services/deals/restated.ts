import * as z from 'zod';
import { restatedDirectory } from '../../shared/directory/restated.ts';
import { ActivityChanged, ActivityDeleted } from '../../shared/events/activities.ts';
import { PeriodLocked } from '../../shared/events/books.ts';
import { AccountMergeUndone, AccountsMerged } from '../../shared/events/accounts.ts';
import { FeedbackInvited, FeedbackReceived } from '../../shared/events/feedback.ts';
import { TrafficRecorded } from '../../shared/events/traffic.ts';
import { RottingDealsListed } from '../../shared/events/briefings.ts';
import type { Item } from '../../shared/dynamodb/item.ts';
import {
  AccountChanged,
  DealDeleted,
  DealsJobAdvanced,
  DealUpdated,
  DeliveryReceived,
  FxRatesSet,
  ImportAdvanced,
  OrderAdjusted,
  ProductChanged,
  StoreChanged,
} from '../../shared/events/deals.ts';
import { PipelineChanged } from '../../shared/events/pipelines.ts';
import { ContactChanged, LeadUpdated } from '../../shared/events/leads.ts';
import { StoreSilenceChanged } from '../../shared/events/stores.ts';
import { keyById, type RestatedService, staying, withState } from '../../shared/events/restated.ts';
import {
  AccountId,
  ContactId,
  ActivityId,
  DealId,
  DeliveryId,
  MergeId,
  FeedbackId,
  FeedbackInvitationId,
  LeadId,
  OrderId,
  PipelineId,
  ProductId,
  RequestId,
  StoreId,
  TrafficId,
} from '../../shared/ids/id.ts';
import { restatedImports } from '../../shared/imports/restated.ts';
import { restatedJobs } from '../../shared/jobs/restated.ts';
import { Day } from '../../shared/time/instant.ts';
import { PeriodText } from '../../shared/time/period.ts';
import { ACCOUNT_IDENTITY, accountOfIdentity } from './accounts/identities.ts';
import { ACTIVITY_POINTER, activityEntity } from './activities/entity.ts';
import { ACCOUNT_HEALTH } from './accounts/health.ts';
import { accountPairEntity } from './accounts/duplicates.ts';
import { ACCOUNT_PLACE, accountOfPlace } from './accounts/place.ts';
import { accountMergeEntity, MERGE_MOVE, moveOf } from './accounts/merge/merge-store.ts';
import { deliveryEntity, orderEntity, storeEntity, DeliveryRecord } from './commerce/entities.ts';
import { Activity, removeActivity } from './domain/activities/activity.ts';
import { buyerEntity, customerEntity, DEAL_BUYER, PURCHASE } from './commerce/customer-entities.ts';
import { ORDER_ROWS } from './imports/order-rows-seen.ts';
import { ORDER_PLACE } from './commerce/order-places.ts';
import { BuyerId } from './domain/commerce/buyer.ts';
import { CustomerFirstPurchased } from '../../shared/events/customers.ts';
import { STORE_DAY } from './commerce/store-days.ts';
import { storeSilenceEntity } from './commerce/watch-stores.ts';
import { OrderRecord, orderState } from './domain/commerce/order.ts';
import { AccountMerge } from './domain/account-merge.ts';
import { Deal } from './domain/deal.ts';
import { dealsEvents } from './events.ts';
import { ACCOUNT_MOVE } from './store/account-moves.ts';
import { erasedLead, Lead } from './domain/leads/lead.ts';
import { LEAD_IDENTITY, LEAD_LOAD, leadEntity } from './store/lead-entity.ts';
import { CONTACT_EMAIL, contactEntity } from './store/contact-entity.ts';
import { AWAITING_RATE } from './store/awaiting-rates.ts';
import { BOOKS } from './store/books.ts';
import { periodLockEntity } from './store/period-locks.ts';
import { trafficEntity } from './store/traffic.ts';
import { feedbackEntity, feedbackInvitationEntity } from './store/feedback.ts';
import { rottingDealsEntity } from './store/rotting-deals.ts';
import { accountEntity, dealEntity, fxRatesEntity, pipelineEntity, productEntity } from './store/entities.ts';

const dealOf = (item: Item): Deal => z.object({ data: Deal }).parse(item).data;
const mergeOf = (item: Item): AccountMerge => z.object({ data: AccountMerge }).parse(item).data;
const leadOf = (item: Item): Lead => z.object({ data: Lead }).parse(item).data;
const orderOf = (item: Item): OrderRecord => z.object({ data: OrderRecord }).parse(item).data;
const activityOf = (item: Item): Activity => z.object({ data: Activity }).parse(item).data;
const deliveryOf = (item: Item): DeliveryRecord => z.object({ data: DeliveryRecord }).parse(item).data;

/** One under way is told by its job. */
const mergeNews = ({ status }: AccountMerge) => {
  if (status === 'merged') return AccountsMerged;
  return status === 'undone' ? AccountMergeUndone : undefined;
};

/**
 * A deal made since a backup becomes a tombstone, as if it had been deleted. Accounts, products and rates stay, for no event
 * says that one never was; so do orders and deliveries, which are the store's word, not ours: `reconcile` brings orders
 * that went back level with their deliveries.
 */
export const restated: RestatedService = {
  service: 'deals',
  events: dealsEvents,
  kinds: [
    {
      type: dealEntity.type,
      keyOf: keyById(DealId, dealEntity),
      tells: (item) => (dealOf(item).deleted ? DealDeleted : DealUpdated),
      madeSince: (live) => {
        const deal = dealOf(live);
        return deal.deleted ? live : withState(dealEntity, live, { ...deal, deleted: true });
      },
    },
    { type: accountEntity.type, keyOf: keyById(AccountId, accountEntity), tells: () => AccountChanged },
    // What an account that goes back was found by since goes; that of one made since stays with it.
    { type: ACCOUNT_IDENTITY, madeSince: () => undefined, belongsTo: accountOfIdentity },
    { type: contactEntity.type, keyOf: keyById(ContactId, contactEntity), tells: () => ContactChanged },
    { type: CONTACT_EMAIL },
    {
      type: ACCOUNT_PLACE,
      madeSince: () => undefined,
      belongsTo: (item) => accountEntity.key(accountOfPlace(item)),
    },
    {
      type: ACCOUNT_HEALTH,
      madeSince: () => undefined,
      belongsTo: (item) => accountEntity.key(accountOfPlace(item)),
    },
    { type: accountPairEntity.type },
    {
      type: accountMergeEntity.type,
      keyOf: keyById(MergeId, accountMergeEntity),
      tells: (item) => mergeNews(mergeOf(item)),
      // Where the duplicate goes back, it was never merged.
      madeSince: () => undefined,
      belongsTo: (item) => accountEntity.key(mergeOf(item).duplicateId),
    },
    {
      type: MERGE_MOVE,
      madeSince: () => undefined,
      belongsTo: (item) => accountEntity.key(moveOf(item).from),
    },
    {
      type: leadEntity.type,
      keyOf: keyById(LeadId, leadEntity),
      tells: () => LeadUpdated,
      madeSince: (live) => {
        const lead = leadOf(live);
        return lead.deleted ? live : withState(leadEntity, live, erasedLead(lead, lead.updatedAt));
      },
    },
    // Counters and what open leads are known by go back with the leads; those of leads made since go.
    { type: LEAD_LOAD, madeSince: () => undefined },
    { type: LEAD_IDENTITY, madeSince: () => undefined },
    { type: productEntity.type, keyOf: keyById(ProductId, productEntity), tells: () => ProductChanged },
    { type: pipelineEntity.type, keyOf: keyById(PipelineId, pipelineEntity), tells: () => PipelineChanged },
    { type: fxRatesEntity.type, keyOf: keyById(Day, fxRatesEntity), tells: () => FxRatesSet },
    {
      type: activityEntity.type,
      keyOf: keyById(ActivityId, activityEntity),
      tells: (item) => (activityOf(item).deleted ? ActivityDeleted : ActivityChanged),
      madeSince: (live) => {
        const activity = activityOf(live);
        if (activity.deleted) return live;
        return withState(activityEntity, live, removeActivity(activity, activity.updatedAt));
      },
    },
    // What was measured and answered outside stays: no day and no answer was undone because a table went back.
    {
      ...staying(trafficEntity.type),
      keyOf: keyById(TrafficId, trafficEntity),
      tells: () => TrafficRecorded,
    },
    {
      ...staying(feedbackEntity.type),
      keyOf: keyById(FeedbackId, feedbackEntity),
      tells: () => FeedbackReceived,
    },
    {
      ...staying(feedbackInvitationEntity.type),
      keyOf: keyById(FeedbackInvitationId, feedbackInvitationEntity),
      tells: () => FeedbackInvited,
    },
    // They follow their activities, all of which go back.
    { type: ACTIVITY_POINTER, madeSince: () => undefined },
    {
      type: orderEntity.type,
      keyOf: keyById(OrderId, orderEntity),
      // One that is known by a refund or a deletion alone is no order yet.
      tells: (item) => (orderState(orderOf(item)) === undefined ? undefined : OrderAdjusted),
    },
    // Lists and purchases go back with their orders; those of an order made since stay, as it does.
    { type: ORDER_PLACE },
    staying(ORDER_ROWS),
    { type: PURCHASE },
    { type: customerEntity.type },
    { type: buyerEntity.type, keyOf: keyById(BuyerId, buyerEntity), tells: () => CustomerFirstPurchased },
    { type: DEAL_BUYER },
    {
      ...staying(storeSilenceEntity.type),
      keyOf: keyById(StoreId, storeSilenceEntity),
      tells: () => StoreSilenceChanged,
    },
    staying(STORE_DAY),
    { type: storeEntity.type, keyOf: keyById(StoreId, storeEntity), tells: () => StoreChanged },
    {
      ...staying(deliveryEntity.type),
      keyOf: keyById(DeliveryId, deliveryEntity),
      tells: (item) => (deliveryOf(item).status === 'received' ? DeliveryReceived : undefined),
    },
    {
      ...staying(rottingDealsEntity.type),
      keyOf: keyById(RequestId, rottingDealsEntity),
      tells: () => RottingDealsListed,
    },
    // What was closed stays closed, also for what goes back.
    {
      ...staying(periodLockEntity.type),
      keyOf: (subject) => (PeriodText.safeParse(subject).success ? periodLockEntity.key(subject) : undefined),
      tells: () => PeriodLocked,
    },
    staying(BOOKS),
    // Of deals that wait no more, the next rate that is set clears them away.
    staying(AWAITING_RATE),
    staying('idempotency-key'),
    ...restatedImports(ImportAdvanced),
    restatedJobs(DealsJobAdvanced),
    staying(ACCOUNT_MOVE),
    ...restatedDirectory,
  ],
};
