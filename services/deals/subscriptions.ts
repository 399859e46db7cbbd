import { directorySubscription } from '../../shared/directory/subscription.ts';
import { ActivityChanged, ActivityLogged } from '../../shared/events/activities.ts';
import { AgendaRequested } from '../../shared/events/briefings.ts';
import {
  DealsJobAdvanced,
  DeliveryReceived,
  FxRatesSet,
  ImportAdvanced,
  DealCreated,
  DealDeleted,
  DealLost,
  DealReopened,
  DealUpdated,
  DealWon,
} from '../../shared/events/deals.ts';
import { followUpsSubscription } from '../../shared/events/follow-ups.ts';
import { SettingsChangeRequested } from '../../shared/events/settings-change.ts';
import { PersonalDataRequested } from '../../shared/events/privacy.ts';
import { subscription } from '../../shared/events/subscription.ts';
import { DayBegan, MemberDeparted, MemberTransferred } from '../../shared/events/team.ts';
import { importsSubscription } from '../../shared/imports/subscription.ts';

/** Members, teams, territories and the organization's settings, kept as a copy. */
export const directory = directorySubscription('deals');

/** Imports, a time slice per event. */
export const imports = importsSubscription('deals', ImportAdvanced);

/** Stored webhooks to be carried out, rates that orders waited for, and deals that orders may belong to. */
export const commerce = subscription({
  service: 'deals',
  name: 'commerce',
  function: 'commerce',
  contracts: [
    DeliveryReceived,
    FxRatesSet,
    DealCreated,
    DealUpdated,
    DealWon,
    DealLost,
    DealReopened,
    DealDeleted,
  ],
});

/** Orders that Shopify sends over EventBridge instead of as webhooks. */
export const partnerEvents = subscription({
  service: 'deals',
  name: 'partner-events',
  function: 'partner-events',
  contracts: [],
  partnerSources: 'aws.partner/shopify.com/',
});

/** What follows for deals and accounts from what happens to people, territories and settings; jobs. */
export const followUps = followUpsSubscription('deals', [
  MemberDeparted,
  MemberTransferred,
  DayBegan,
  SettingsChangeRequested,
  DealsJobAdvanced,
  ActivityLogged,
  ActivityChanged,
  PersonalDataRequested,
  AgendaRequested,
  FxRatesSet,
]);
