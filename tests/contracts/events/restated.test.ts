import { describe, expect, test } from 'vitest';
import { restated as deals } from '../../../services/deals/restated.ts';
import { restated as goals } from '../../../services/goals/restated.ts';
import { restated as metrics } from '../../../services/metrics/restated.ts';
import { restated as team } from '../../../services/team/restated.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { OutboxEntries } from '../../../shared/dynamodb/outbox.ts';
import type { RestatedService } from '../../../shared/events/restated.ts';
import { restatingOutbox } from '../../../shared/events/restated.ts';
import { busEventOf } from '../../../shared/events/stream-record.ts';
import { fixedClock } from '../../support/event-samples.ts';
import { bucketItem, dealItem, storedSamples } from '../../support/restated-samples.ts';
import { allContracts } from './contracts.ts';

const services = { team, deals, metrics, goals };
const cause = { correlationId: 'restated', actor: 'system' } as const;

/** Whose state each event tells, by the type of the item. */
const toldOf: Readonly<Record<string, string>> = {
  'OrganizationUpdated.v1': 'organization',
  'MemberAdded.v1': 'member',
  'MemberUpdated.v1': 'member',
  'MemberTransferred.v1': 'member',
  'MemberDeparted.v1': 'member',
  'TeamChanged.v1': 'team',
  'TerritoryChanged.v1': 'territory',
  'DayBegan.v1': 'day',
  'CandidateChanged.v1': 'candidate',
  'TrainingProgramChanged.v1': 'training-program',
  'TrainingAssignmentChanged.v1': 'training-assignment',
  'TrainingCompleted.v1': 'training-assignment',
  'TeamImportAdvanced.v1': 'import',
  'TeamJobAdvanced.v1': 'job',
  'CoachingLogged.v1': 'coaching-session',
  'KpisRequested.v1': 'coaching-session',
  'AgendaRequested.v1': 'meeting',
  'MeetingChanged.v1': 'meeting',
  'GoalsAtRiskListed.v1': 'goals-at-risk',
  'RottingDealsListed.v1': 'rotting-deals',
  'ReviewChanged.v1': 'review',
  'ReviewCompleted.v1': 'review',
  'SettingsChangeRequested.v1': 'settings-change',
  'DealsSettingsChangeReported.v1': 'job',
  'GoalsSettingsChangeReported.v1': 'job',
  'MetricsSettingsChangeReported.v1': 'settings-report',
  'DealCreated.v1': 'deal',
  'DealUpdated.v1': 'deal',
  'DealStageChanged.v1': 'deal',
  'DealWon.v1': 'deal',
  'DealLost.v1': 'deal',
  'DealReopened.v1': 'deal',
  'DealDeleted.v1': 'deal',
  'ActivityLogged.v1': 'activity',
  'ActivityChanged.v1': 'activity',
  'ActivityDeleted.v1': 'activity',
  'TrafficRecorded.v1': 'traffic',
  'FeedbackReceived.v1': 'feedback',
  'FeedbackInvited.v1': 'feedback-invitation',
  'OrderRecorded.v1': 'order',
  'OrderAdjusted.v1': 'order',
  'ContactChanged.v1': 'contact',
  'CustomerFirstPurchased.v1': 'buyer',
  'PipelineChanged.v1': 'pipeline',
  'LeadCreated.v1': 'lead',
  'LeadUpdated.v1': 'lead',
  'LeadConverted.v1': 'lead',
  'LeadDisqualified.v1': 'lead',
  'ProductChanged.v1': 'product',
  'AccountChanged.v1': 'account',
  'AccountsMerged.v1': 'account-merge',
  'AccountMergeUndone.v1': 'account-merge',
  'StoreChanged.v1': 'store',
  'StoreSilenceChanged.v1': 'store-silence',
  'FxRatesSet.v1': 'fx-rates',
  'PeriodLocked.v1': 'period-lock',
  'DeliveryReceived.v1': 'delivery',
  'ImportAdvanced.v1': 'import',
  'DealsJobAdvanced.v1': 'job',
  'PersonalDataRequested.v1': 'personal-data',
  'TeamPersonalDataHandled.v1': 'job',
  'DealsPersonalDataHandled.v1': 'job',
  'GoalsPersonalDataHandled.v1': 'job',
  'MetricsPersonalDataHandled.v1': 'job',
  'MetricsJobAdvanced.v1': 'job',
  'MetricsUpdated.v1': 'bucket',
  'KpisMeasured.v1': 'kpi-answer',
  'GoalCreated.v1': 'goal',
  'GoalUpdated.v1': 'goal',
  'GoalMilestoneReached.v1': 'goal',
  'GoalMilestoneReverted.v1': 'goal',
  'AlertSent.v1': 'alert',
  'GoalsJobAdvanced.v1': 'job',
};

const kindOf = ({ kinds }: RestatedService, type: unknown) => kinds.find((kind) => kind.type === type);

/** What the relay makes of the item once it is to be told again. */
const retold = (service: RestatedService, item: Item) => {
  const kind = kindOf(service, item.type);
  if (kind === undefined) throw new Error(`no kind for ${String(item.type)}`);
  const { outbox } = restatingOutbox(kind, item, cause, fixedClock);
  if (outbox === undefined) return undefined;
  const [entry] = OutboxEntries.parse(outbox);
  if (entry === undefined) throw new Error('an empty outbox');
  const { pk, sk, type, version, epoch, data } = item;
  return busEventOf(
    {
      ...item,
      pk: String(pk),
      sk: String(sk),
      type: String(type),
      version: Number(version),
      epoch: Number(epoch),
      data: data as Record<string, unknown> | undefined,
      outbox: [entry],
    },
    entry,
    service.events,
  );
};

test.each(allContracts.map((contract) => [contract.detailType, contract] as const))(
  'whoever missed a %s can be told its subject’s state again',
  (detailType, contract) => {
    const kind = kindOf(services[contract.service], toldOf[detailType]);
    expect(kind?.keyOf).toBeDefined();
    expect(kind?.tells).toBeDefined();
  },
);

describe.each(Object.values(services).map((service) => [service.service, service] as const))(
  'of %s',
  (name, service) => {
    test('every event is published by the service, and every kind stands once', () => {
      const types = service.kinds.map(({ type }) => type);
      expect(new Set(types).size).toBe(types.length);
      const own = allContracts.filter((contract) => contract.service === name);
      expect(new Set(service.events.contracts)).toEqual(new Set(own));
    });

    test('every kind that tells of itself has a sample here', () => {
      const telling = service.kinds.filter(({ tells }) => tells !== undefined).map(({ type }) => type);
      expect(storedSamples[name].map(({ type }) => type).toSorted()).toEqual(telling.toSorted());
    });

    test.each(storedSamples[name].map((item) => [String(item.type), item] as const))(
      'a stored %s is told by a valid event at its own version, and found by the event’s subject',
      (type, item) => {
        const event = retold(service, item);
        expect(event?.detail.metadata).toMatchObject({ version: 3, epoch: 1 });
        const kind = kindOf(service, type);
        expect(kind?.keyOf?.(event?.detail.metadata.subject ?? '')).toEqual({ pk: item.pk, sk: item.sk });
      },
    );
  },
);

test('a deleted deal is told as deleted', () => {
  const deleted = { ...dealItem, data: { ...(dealItem.data as object), deleted: true } };
  expect(retold(deals, dealItem)?.detailType).toBe('DealUpdated.v1');
  expect(retold(deals, deleted)?.detailType).toBe('DealDeleted.v1');
});

test('a bucket that no goal can be about is told to nobody', () => {
  expect(retold(metrics, bucketItem('industry', { 'c.wonDeals': 1 }))).toBeUndefined();
});
