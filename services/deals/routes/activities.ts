import { BadRequest, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Actor } from '../../../shared/auth/actor.ts';
import { ActivityChanged, ActivityDeleted } from '../../../shared/events/activities.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { reply } from '../../../shared/http/reply.ts';
import { NoContent, type RequestFacts, route } from '../../../shared/http/route.ts';
import { ActivityId, type MemberId } from '../../../shared/ids/id.ts';
import {
  activityIdOfExternal,
  completeActivity,
  editActivity,
  newActivity,
  removeActivity,
} from '../domain/activities/activity.ts';
import type { SellingDeps } from '../selling-deps.ts';
import {
  ActivityBody,
  ActivityEditBody,
  activityParams,
  ActivityResource,
  CompletionBody,
  shownActivity,
} from './activity-resource.ts';
import { dealParams } from './deal-resource.ts';

const timesOf = async ({ directory, clock }: SellingDeps) => ({
  now: clock.now(),
  timeZone: (await directory.organization()).timeZone,
});

const ownOf = (actor: Actor): MemberId => {
  if (actor.kind === 'member') return actor.id;
  throw new Unprocessable('An activity needs an owner.', [
    { path: '/ownerId', message: 'is required: the caller is a system, which does nothing of its own' },
  ]);
};

type LogRequest = Pick<RequestFacts, 'actor' | 'idempotencyKey' | 'requestHash'>;

/** Records it. @throws Unprocessable, Forbidden for another's whom the caller may not give work to */
const log = async (body: ActivityBody, request: LogRequest, deps: SellingDeps) => {
  const { activities, references, visibility, clock } = deps;
  const { accountId, contactId, leadId, dealId, ...told } = body;
  const ownerId = told.ownerId ?? ownOf(request.actor);
  await references.check({ ownerId });
  const { deal: _, ...about } = await activities.subjects.resolve({ accountId, contactId, leadId, dealId });
  await visibility.assertMayOwn(ownerId);
  const id =
    told.externalId === undefined
      ? idOfNew(ActivityId, request, clock)
      : activityIdOfExternal(told.externalId);
  const activity = newActivity({ ...told, ...about, id, ownerId }, await timesOf(deps));
  const created = await activities.create(activity, request);
  return reply(shownActivity(created, await visibility.today()), {
    headers: { location: `/v1/activities/${created.id}` },
  });
};

const logActivity = route({
  method: 'POST',
  path: '/v1/activities',
  scope: 'sales/deals.write',
  summary: 'Record what was done, or is to be done, for an account, contact, lead or deal',
  description:
    'A deal implies its account, a contact its own. Only tasks, and meetings and demos that are planned, may lie ahead.',
  status: 201,
  idempotent: true,
  body: ActivityBody,
  example: {
    kind: 'call',
    accountId: 'acct_01JD0000000000000000000000',
    subjectLine: 'Autumn menu',
    outcome: 'connected',
    durationMinutes: 12,
    nextStep: 'Send samples of the ravioli',
  },
  response: ActivityResource,
  handle: async (request, deps: SellingDeps) => log(request.body, request, deps),
});

const logDealActivity = route({
  method: 'POST',
  path: '/v1/deals/{id}/activities',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Record what was done, or is to be done, for a deal',
  description: 'For whoever may see the deal.',
  status: 201,
  idempotent: true,
  params: dealParams,
  body: ActivityBody.omit({ dealId: true }),
  example: { kind: 'task', subjectLine: 'Send the offer', dueOn: '2026-12-01' },
  response: ActivityResource,
  async handle(request, deps: SellingDeps) {
    const { id: dealId } = await deps.deals.get(request.params.id);
    return log({ ...request.body, dealId }, request, deps);
  },
});

const getActivity = route({
  method: 'GET',
  path: '/v1/activities/{id}',
  scope: 'sales/deals.read',
  summary: 'Get an activity',
  params: activityParams,
  response: ActivityResource,
  handle: async ({ params }, { activities, visibility }: SellingDeps) =>
    shownActivity(await activities.get(params.id), await visibility.today()),
});

const changeActivity = route({
  method: 'PATCH',
  path: '/v1/activities/{id}',
  scope: 'sales/deals.write',
  summary: 'Change an activity’s details',
  description: 'Null empties a field. An activity of another deal belongs to that deal’s account.',
  params: activityParams,
  body: ActivityEditBody,
  example: { subjectLine: 'Send the offer and the menu', nextStep: 'Call again on Monday' },
  response: ActivityResource,
  async handle({ params, body, ifMatch }, deps: SellingDeps) {
    const { activities, references, visibility } = deps;
    const activity = await activities.toChange(params.id, ifMatch);
    const { accountId, contactId, leadId, dealId, ...edits } = body;
    const given = { accountId, contactId, leadId, dealId };
    if (edits.ownerId !== undefined) {
      await references.check({ ownerId: edits.ownerId });
      await visibility.assertMayOwn(edits.ownerId);
    }
    const about = Object.values(given).some((each) => each !== undefined)
      ? await activities.subjects.moved(activity, given)
      : {};
    const edited = editActivity(activity, { ...edits, ...about }, await timesOf(deps));
    const saved = await activities.save(edited, { from: activity, event: ActivityChanged });
    return shownActivity(saved, await visibility.today());
  },
});

const completeTask = route({
  method: 'POST',
  path: '/v1/activities/{id}/complete',
  scope: 'sales/deals.write',
  summary: 'Mark what was planned as done',
  description:
    'A task is done now, a meeting or demo when it was planned for, unless that lies ahead or this says otherwise.',
  params: activityParams,
  body: CompletionBody,
  example: { outcome: 'held', durationMinutes: 45, nextStep: 'Send the offer' },
  response: ActivityResource,
  async handle({ params, body, ifMatch }, { activities, visibility, clock }: SellingDeps) {
    const activity = await activities.toChange(params.id, ifMatch);
    const done = completeActivity(activity, body, clock.now());
    const saved = await activities.save(done, { from: activity, event: ActivityChanged });
    return shownActivity(saved, await visibility.today());
  },
});

const deleteActivity = route({
  method: 'DELETE',
  path: '/v1/activities/{id}',
  scope: 'sales/deals.write',
  summary: 'Delete an activity; what was written in it goes, and it counts no more',
  status: 204,
  params: activityParams,
  response: NoContent,
  async handle({ params, ifMatch }, { activities, clock }: SellingDeps) {
    const activity = await activities.toChange(params.id, ifMatch);
    await activities.save(removeActivity(activity, clock.now()), { from: activity, event: ActivityDeleted });
  },
});

/** `me` is whoever asks. @throws BadRequest for a system, which is nobody's owner */
export const ownerAsked = (ownerId: MemberId | 'me' | undefined, actor: Actor): MemberId | undefined => {
  if (ownerId !== 'me') return ownerId;
  if (actor.kind === 'member') return actor.id;
  throw new BadRequest('A system owns nothing.', [
    { in: 'query', path: '/ownerId', message: 'must be a member’s id: the caller is a system' },
  ]);
};

export const activityRoutes = [
  logActivity,
  logDealActivity,
  getActivity,
  changeActivity,
  completeTask,
  deleteActivity,
] as const;
