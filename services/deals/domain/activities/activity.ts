import * as z from 'zod';
import { type InputError, InvalidTransition, Unprocessable } from '../../../../shared/errors/errors.ts';
import { type ActivityKind, ActivityState } from '../../../../shared/events/activities.ts';
import { ActivityId, derivedId, type MemberId } from '../../../../shared/ids/id.ts';
import { type Day, Instant } from '../../../../shared/time/instant.ts';
import { dayOf } from '../../../../shared/time/zone.ts';
import { patched, type Patch } from '../patch.ts';

const text = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);

/** A code, so that it may be counted and told; what was said belongs to the notes. */
export const OutcomeCode = z
  .string()
  .max(50)
  .regex(/^[a-z][a-zA-Z0-9]*([-_][a-zA-Z0-9]+)*$/, 'must be a code such as connected or no-answer');

/** A day has so many. */
const MINUTES_OF_A_DAY = 1_440;

/** What people write of an activity, and what may be changed at any time. */
export const ActivityDetails = z.strictObject({
  subjectLine: text(200),
  notes: text(10_000),
  outcome: OutcomeCode,
  durationMinutes: z.int().min(0).max(MINUTES_OF_A_DAY),
  nextStep: text(1_000),
});

export const ExternalId = z.string().trim().min(1).max(200);

/** An activity as it is kept: what its events tell, and what only this service knows. */
export const Activity = ActivityState.extend({
  ...ActivityDetails.omit({ outcome: true, durationMinutes: true }).partial().shape,
  externalId: ExternalId.optional(),
  updatedAt: Instant,
  /** Of the row of a file that it was last imported from. */
  importHash: z.string().optional(),
});
export type Activity = z.infer<typeof Activity>;

/** The same activity of the other system is the same here, however often it comes. */
export const activityIdOfExternal = (externalId: string): ActivityId =>
  derivedId(ActivityId, 'activity', 'external', externalId);

export interface Now {
  readonly now: Instant;
  /** The organization’s. */
  readonly timeZone: string;
}

const plannable: readonly ActivityKind[] = ['task', 'meeting', 'demo'];
const subjects = ['accountId', 'contactId', 'leadId', 'dealId'] as const;

/** Everything that is wrong with it, at once. */
const faultsOf = (activity: Activity, now: Instant): readonly InputError[] => {
  const { kind, status, occurredAt, dueOn, outcome, completedAt } = activity;
  const isPlanned = status === 'planned';
  return [
    ...(isPlanned && !plannable.includes(kind)
      ? [{ path: '/status', message: `must be done: only a ${plannable.join(', ')} can be planned` }]
      : []),
    ...(!isPlanned && occurredAt !== undefined && occurredAt > now
      ? [
          {
            path: '/occurredAt',
            message: `must not be later than now, ${now}: only what is planned lies ahead`,
          },
        ]
      : []),
    ...(isPlanned && outcome !== undefined
      ? [{ path: '/outcome', message: 'must be left out until it is done' }]
      : []),
    ...(dueOn !== undefined && !isPlanned && kind !== 'task' && completedAt === undefined
      ? [{ path: '/dueOn', message: 'must be left out: only what is planned is due' }]
      : []),
    ...(subjects.every((subject) => activity[subject] === undefined)
      ? [{ path: '', message: 'must name at least one of accountId, contactId, leadId and dealId' }]
      : []),
  ];
};

/** @throws Unprocessable naming everything that is wrong */
const checked = (activity: Activity, now: Instant): Activity => {
  const faults = faultsOf(activity, now);
  if (faults.length === 0) return activity;
  throw new Unprocessable('The activity can’t be recorded like this.', faults);
};

/** What is planned for an instant is due on its day. */
const withDue = (activity: Activity, timeZone: string): Activity =>
  activity.status === 'planned' && activity.occurredAt !== undefined && activity.dueOn === undefined
    ? { ...activity, dueOn: dayOf(activity.occurredAt, timeZone) }
    : activity;

export type NewActivity = Pick<Activity, 'id' | 'kind' | 'ownerId'> &
  Partial<Omit<Activity, 'status' | 'teamPath' | 'territoryPath' | 'createdAt' | 'updatedAt' | 'deleted'>> & {
    readonly status?: Activity['status'] | undefined;
  };

/**
 * An activity that counts for nobody yet. A task is planned unless it says that it is done; all else is done, now unless it says when.
 * @throws Unprocessable for what is done in the future, and for what is about nothing
 */
export const newActivity = (fresh: NewActivity, { now, timeZone }: Now): Activity => {
  const status = fresh.status ?? (fresh.kind === 'task' ? 'planned' : 'done');
  const occurredAt = status === 'done' ? (fresh.occurredAt ?? fresh.completedAt ?? now) : fresh.occurredAt;
  return checked(
    withDue(
      {
        ...fresh,
        status,
        ...(occurredAt !== undefined && { occurredAt }),
        ...(status === 'done' && fresh.kind === 'task' && { completedAt: fresh.completedAt ?? occurredAt }),
        teamPath: [],
        territoryPath: [],
        createdAt: now,
        updatedAt: now,
        deleted: false,
      },
      timeZone,
    ),
    now,
  );
};

export type ActivityEdit = Patch<
  Pick<
    Activity,
    | 'subjectLine'
    | 'notes'
    | 'outcome'
    | 'durationMinutes'
    | 'nextStep'
    | 'dueOn'
    | 'occurredAt'
    | 'ownerId'
    | 'accountId'
    | 'contactId'
    | 'leadId'
    | 'dealId'
  >
>;

/** The activity with what the edit names changed; the very same where nothing is. @throws Unprocessable as for a new one */
export const editActivity = (activity: Activity, edit: ActivityEdit, { now, timeZone }: Now): Activity => {
  const isMoved = activity.status === 'planned' && edit.occurredAt != null && edit.dueOn === undefined;
  const edited = patched<Activity>(activity, isMoved ? { ...edit, dueOn: null } : edit);
  if (edited === activity) return activity;
  if (edited.status === 'done' && edited.occurredAt === undefined)
    throw new Unprocessable('What is done happened at some time.', [
      { path: '/occurredAt', message: 'must not be null: it is done' },
    ]);
  return checked(withDue({ ...edited, updatedAt: now }, timeZone), now);
};

export type Completion = Partial<
  Pick<Activity, 'outcome' | 'notes' | 'durationMinutes' | 'nextStep' | 'occurredAt'>
>;

/**
 * The planned activity, done: a meeting when it was planned for, unless that is still ahead or it says otherwise, a task now.
 * @throws InvalidTransition for one that is done already; Unprocessable for an instant in the future
 */
export const completeActivity = <A extends Activity>(
  activity: A,
  completion: Completion,
  now: Instant,
): A => {
  if (activity.status === 'done')
    throw new InvalidTransition('The activity is done already; change its details with PATCH.');
  const { occurredAt: planned, kind } = activity;
  const held = kind !== 'task' && planned !== undefined && planned <= now ? planned : now;
  const { occurredAt = held, ...details } = completion;
  const done = { ...activity, ...details, status: 'done' as const, occurredAt };
  return { ...activity, ...checked({ ...done, completedAt: now, updatedAt: now }, now) };
};

/** A tombstone, which keeps nothing of what was written. */
export const removeActivity = <A extends Activity>(activity: A, now: Instant): A => ({
  ...activity,
  subjectLine: undefined,
  notes: undefined,
  nextStep: undefined,
  deleted: true,
  updatedAt: now,
});

/** Whether it may still change hands: what is done stays with who did it. */
export const isOpenTaskOf = (activity: Activity, ownerId: MemberId): boolean =>
  activity.ownerId === ownerId && activity.status === 'planned' && !activity.deleted;

/** What `from` had planned, to be done by `to` from now on. Any other stays the very same. */
export const taskHandedOver = <A extends Activity>(
  activity: A,
  { from, to, now }: { readonly from: MemberId; readonly to: MemberId; readonly now: Instant },
): A =>
  isOpenTaskOf(activity, from) && from !== to ? { ...activity, ownerId: to, updatedAt: now } : activity;

/** A task whose day has passed, in the organization’s zone. */
export const isOverdue = (
  { kind, status, dueOn, deleted }: Pick<Activity, 'kind' | 'status' | 'dueOn' | 'deleted'>,
  today: Day,
): boolean => kind === 'task' && status === 'planned' && !deleted && dueOn !== undefined && dueOn < today;

/** Where it stands in time: when it happened, is to happen, or else was recorded. */
export const momentOf = ({ occurredAt, createdAt }: Pick<Activity, 'occurredAt' | 'createdAt'>): Instant =>
  occurredAt ?? createdAt;
