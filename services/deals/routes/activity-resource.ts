import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { ActivityKind, ActivityStatus } from '../../../shared/events/activities.ts';
import {
  AccountId,
  ActivityId,
  ContactId,
  DealId,
  LeadId,
  MemberId,
  TeamId,
} from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { Activity, ActivityDetails, ExternalId, isOverdue } from '../domain/activities/activity.ts';

/** An activity as the interface shows it. */
export const ActivityResource = Activity.omit({
  teamPath: true,
  territoryPath: true,
  importHash: true,
  deleted: true,
})
  .extend({
    teamId: TeamId.optional().describe('The owner’s team on the day it happened.'),
    overdue: z.boolean().describe('A task whose day has passed.'),
    version: z.int(),
  })
  .meta({ id: 'Activity' });

export const activityParams = z.object({ id: ActivityId });

export const shownActivity = (activity: Stored<Activity>, today: Day) => ({
  ...activity,
  teamId: activity.teamPath[0],
  overdue: isOverdue(activity, today),
});

const occurredAt = Instant.describe('When it happened, or is to happen where it is planned.');
const dueOn = Day.describe('By when it is to be done; in the organization’s zone.');

/** What an activity is about. */
const aboutFields = { accountId: AccountId, contactId: ContactId, leadId: LeadId, dealId: DealId };

const optionalFields = ActivityDetails.extend({ ...aboutFields, occurredAt, dueOn }).partial();

export const ActivityBody = optionalFields.extend({
  kind: ActivityKind,
  status: ActivityStatus.optional().describe(
    'A task is planned and all else done, unless this says otherwise. Tasks, meetings and demos can be planned.',
  ),
  ownerId: MemberId.optional().describe('Whose it is: the caller’s own, unless given.'),
  externalId: ExternalId.optional().describe(
    'Its id in another system, which identifies it in imports; never changes.',
  ),
});
export type ActivityBody = z.infer<typeof ActivityBody>;

const { outcome, durationMinutes, notes, nextStep, subjectLine } = ActivityDetails.shape;

/** Null empties a field. */
export const ActivityEditBody = z
  .strictObject({
    subjectLine: subjectLine.nullable(),
    notes: notes.nullable(),
    outcome: outcome.nullable(),
    durationMinutes: durationMinutes.nullable(),
    nextStep: nextStep.nullable(),
    occurredAt: occurredAt.nullable(),
    dueOn: dueOn.nullable(),
    ownerId: MemberId,
    accountId: AccountId.nullable(),
    contactId: ContactId.nullable(),
    leadId: LeadId.nullable(),
    dealId: DealId.nullable(),
  })
  .partial();

export const CompletionBody = z
  .strictObject({ outcome, durationMinutes, notes, nextStep, occurredAt: Instant })
  .partial();
