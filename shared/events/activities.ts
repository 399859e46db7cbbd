import * as z from 'zod';
import {
  AccountId,
  ActivityId,
  ContactId,
  DealId,
  LeadId,
  MemberId,
  TeamId,
  TerritoryId,
} from '../ids/id.ts';
import { Day, Instant } from '../time/instant.ts';
import { event } from './contract.ts';

export const ActivityKind = z.enum(['call', 'email', 'meeting', 'demo', 'note', 'task']);
export type ActivityKind = z.infer<typeof ActivityKind>;

/** `planned` lies ahead, or waits to be done; only `done` counts. */
export const ActivityStatus = z.enum(['planned', 'done']);
export type ActivityStatus = z.infer<typeof ActivityStatus>;

/** What others may know of an activity: never what was said or written. */
export const ActivityState = z.object({
  id: ActivityId,
  kind: ActivityKind,
  status: ActivityStatus,
  /** A code of the organization’s own, as `connected`. */
  outcome: z.string().optional(),
  /** When it happened: always there once it is done. Of a planned one, when it is to happen, where that is known. */
  occurredAt: Instant.optional(),
  dueOn: Day.optional(),
  /** When a planned one was marked as done. */
  completedAt: Instant.optional(),
  durationMinutes: z.int().min(0).optional(),
  ownerId: MemberId,
  /** The owner’s team and its ancestors, the team first, on the day it happened; of a planned one, at the last write. */
  teamPath: z.array(TeamId),
  /** The territory of the deal, account or owner, and its ancestors. */
  territoryPath: z.array(TerritoryId),
  accountId: AccountId.optional(),
  contactId: ContactId.optional(),
  leadId: LeadId.optional(),
  dealId: DealId.optional(),
  createdAt: Instant,
  /** It counts no more. */
  deleted: z.boolean(),
});
export type ActivityState = z.infer<typeof ActivityState>;

const activityEvent = (name: string, description: string) =>
  event({ service: 'deals', name, major: 1, description, data: ActivityState });

export const ActivityLogged = activityEvent('ActivityLogged', 'An activity was recorded, done or planned.');
export const ActivityChanged = activityEvent(
  'ActivityChanged',
  'An activity changed: done, edited, or given to someone else.',
);
export const ActivityDeleted = activityEvent(
  'ActivityDeleted',
  'An activity was deleted; it counts no more.',
);
export const activityEvents = [ActivityLogged, ActivityChanged, ActivityDeleted] as const;
