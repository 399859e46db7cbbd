import type { EventContract } from '../../../shared/events/contract.ts';
import * as activityEvents from '../../../shared/events/activities.ts';
import * as accountEvents from '../../../shared/events/accounts.ts';
import * as dealsEvents from '../../../shared/events/deals.ts';
import * as booksEvents from '../../../shared/events/books.ts';
import * as briefingEvents from '../../../shared/events/briefings.ts';
import * as customerEvents from '../../../shared/events/customers.ts';
import * as coachingEvents from '../../../shared/events/coaching.ts';
import * as leadsEvents from '../../../shared/events/leads.ts';
import * as goalsEvents from '../../../shared/events/goals.ts';
import * as meetingEvents from '../../../shared/events/meetings.ts';
import * as peopleEvents from '../../../shared/events/people.ts';
import * as privacyEvents from '../../../shared/events/privacy.ts';
import * as pipelineEvents from '../../../shared/events/pipelines.ts';
import * as reviewEvents from '../../../shared/events/reviews.ts';
import * as settingsEvents from '../../../shared/events/settings-change.ts';
import * as storeEvents from '../../../shared/events/stores.ts';
import * as teamEvents from '../../../shared/events/team.ts';

const internal = 'A service’s own next step; what it changes is told by itself.';
const measured = 'What was measured or answered outside; nobody here decided it.';
const asking = 'A question to metrics, or its answer; what is made of it is told by itself.';
const answered =
  'What a service did about a request; the request is audited, and so is each change that came of it.';

/** The events that no entry is made of, and why not: they tell of no change that somebody made. */
export const notAudited: Readonly<Record<string, string>> = {
  'MetricsUpdated.v1': 'Counters follow from deals and orders, whose changes are audited.',
  'CustomerFirstPurchased.v1': 'Follows from orders and deals, whose changes are audited.',
  'TrainingCompleted.v1': 'Told together with the change of the assignment.',
  'DayBegan.v1': 'Nobody makes a day begin.',
  'StoreSilenceChanged.v1': 'Nobody makes a store fall silent; what is changed about the store is audited.',
  'DeliveryReceived.v1': 'What a store sent; the order that it changes is audited.',
  'ActivityLogged.v1':
    'The activity says itself who recorded it and when; changes and deletions are audited.',
  'TrafficRecorded.v1': measured,
  'FeedbackReceived.v1': measured,
  'FeedbackInvited.v1': measured,
  'TeamImportAdvanced.v1': internal,
  'TeamJobAdvanced.v1': internal,
  'ImportAdvanced.v1': internal,
  'DealsJobAdvanced.v1': internal,
  'GoalsJobAdvanced.v1': internal,
  'MetricsJobAdvanced.v1': internal,
  'KpisRequested.v1': asking,
  'KpisMeasured.v1': asking,
  'DealsSettingsChangeReported.v1': answered,
  'GoalsSettingsChangeReported.v1': answered,
  'MetricsSettingsChangeReported.v1': answered,
  'TeamPersonalDataHandled.v1': answered,
  'DealsPersonalDataHandled.v1': answered,
  'GoalsPersonalDataHandled.v1': answered,
  'MetricsPersonalDataHandled.v1': answered,
};

const isContract = (value: unknown): value is EventContract =>
  typeof value === 'object' && value !== null && 'detailType' in value && 'detail' in value;

/** Every event that tells of a change, by default: whoever adds one need not think of the audit. */
export const audited: readonly EventContract[] = [
  teamEvents,
  peopleEvents,
  coachingEvents,
  reviewEvents,
  meetingEvents,
  accountEvents,
  dealsEvents,
  leadsEvents,
  activityEvents,
  storeEvents,
  customerEvents,
  pipelineEvents,
  goalsEvents,
  settingsEvents,
  privacyEvents,
  briefingEvents,
  booksEvents,
]
  .flatMap((events) => Object.values<unknown>(events))
  .filter(isContract)
  .filter(({ detailType }) => !(detailType in notAudited))
  .toSorted((a, b) => (a.detailType < b.detailType ? -1 : 1));
