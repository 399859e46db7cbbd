import type { EventContract } from '../../../shared/events/contract.ts';
import * as dealsEvents from '../../../shared/events/deals.ts';
import * as goalsEvents from '../../../shared/events/goals.ts';
import * as teamEvents from '../../../shared/events/team.ts';

const internal = 'A service’s own next step; what it changes is told by itself.';

/** The events that no entry is made of, and why not: they tell of no change that somebody made. */
export const notAudited: Readonly<Record<string, string>> = {
  'MetricsUpdated.v1': 'Counters follow from deals and orders, whose changes are audited.',
  'DayBegan.v1': 'Nobody makes a day begin.',
  'DeliveryReceived.v1': 'What a store sent; the order that it changes is audited.',
  'TeamImportAdvanced.v1': internal,
  'TeamJobAdvanced.v1': internal,
  'ImportAdvanced.v1': internal,
  'DealsJobAdvanced.v1': internal,
  'GoalsJobAdvanced.v1': internal,
};

const isContract = (value: unknown): value is EventContract =>
  typeof value === 'object' && value !== null && 'detailType' in value && 'detail' in value;

/** Every event that tells of a change, by default: whoever adds one need not think of the audit. */
export const audited: readonly EventContract[] = [teamEvents, dealsEvents, goalsEvents]
  .flatMap((events) => Object.values<unknown>(events))
  .filter(isContract)
  .filter(({ detailType }) => !(detailType in notAudited));
