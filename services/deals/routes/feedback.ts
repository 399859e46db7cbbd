import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { FeedbackKind, FeedbackReceived } from '../../../shared/events/feedback.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { reply } from '../../../shared/http/reply.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { AccountId, FeedbackId, MemberId, StoreId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { addDays, startOfDay } from '../../../shared/time/zone.ts';
import { STORES } from '../commerce/entities.ts';
import { Answer, Feedback, feedbackIdOfExternal, removeFeedback } from '../domain/feedback.ts';
import { feedbackPage, visibleFeedback } from '../feedback/list.ts';
import { claimedOrigin } from '../store/create-as.ts';
import type { VoicesDeps } from './voices-deps.ts';

const FeedbackResource = Feedback.omit({ teamPath: true, territoryPath: true, deleted: true })
  .extend({
    value: Feedback.shape.value.describe('What it counts as: CSAT on 1–5, NPS on 0–10.'),
    mapped: z.boolean().describe('Whether `value` was worked out from another scale than 1–5.'),
    version: z.int(),
  })
  .meta({ id: 'Feedback' });

const params = z.object({ id: FeedbackId });

const shown = (feedback: Stored<Feedback>) => ({
  ...feedback,
  mapped: feedback.kind === 'csat' && feedback.scale !== '1-5',
});

const receiveFeedback = route({
  method: 'POST',
  path: '/v1/feedback',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Record a customer’s answer to how satisfied they are, or whether they would recommend us',
  description:
    'CSAT counts on a scale of 1–5: answers on 1–7, 1–10 and 0–100 are mapped to it in proportion, to the nearest. The answer of a known externalId takes the place of what was told before; the same again changes nothing (200).',
  status: 201,
  idempotent: true,
  body: Answer,
  example: {
    kind: 'csat',
    score: 6,
    scale: '1-7',
    accountId: 'acct_01JD0000000000000000000000',
    externalId: 'survey-88-1',
  },
  response: FeedbackResource,
  async handle(request, { table, feedbackIntake, clock }: VoicesDeps) {
    const { body, idempotencyKey, requestHash } = request;
    // A key stands for one body, also where the externalId makes the id.
    if (idempotencyKey !== undefined) await claimedOrigin(table, idempotencyKey, requestHash);
    const id =
      body.externalId === undefined
        ? idOfNew(FeedbackId, request, clock)
        : feedbackIdOfExternal(body.externalId);
    const { stored, outcome } = await feedbackIntake.takeIn(body, id);
    return reply(shown(stored), { status: outcome === 'created' ? 201 : 200 });
  },
});

const listFeedback = route({
  method: 'GET',
  path: '/v1/feedback',
  scope: 'sales/deals.read',
  summary: 'List customers’ answers, the latest first',
  description:
    'Those the caller may see: on deals and orders as these, on accounts all. Days are the organization’s; both ends of a range count. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    accountId: AccountId.optional(),
    storeId: StoreId.optional(),
    ownerId: MemberId.optional().describe('Whom it counts for.'),
    kind: FeedbackKind.optional(),
    from: Day.optional().describe('Answered on this day or later.'),
    to: Day.optional().describe('Answered on this day or earlier.'),
  }),
  response: page(FeedbackResource),
  async handle({ query }, { table, visibility, directory, activities, stores }: VoicesDeps) {
    const { limit, cursor: _cursor, from, to, ...rest } = query;
    const binding = { list: 'feedback', from, to, ...rest };
    const after = positionOf(query, binding)?.after;
    const { timeZone } = await directory.organization();
    const filter = {
      ...rest,
      from: from && startOfDay(from, timeZone),
      before: to && startOfDay(addDays(to, 1), timeZone),
    };
    const found = await feedbackPage(
      { filter, limit, after: after === undefined ? undefined : String(after) },
      {
        table,
        viewer: await visibility.viewer(),
        subjects: activities.subjects,
        stores: async () => (await stores.queryIndex('gsi1', STORES)).items.map(({ id }) => id),
      },
    );
    const next = found.after === undefined ? undefined : { after: found.after };
    return pageOf(found.items.map(shown), next, binding);
  },
});

const findVisible = async (
  id: FeedbackId,
  { feedback, visibility, activities }: VoicesDeps,
): Promise<Stored<Feedback>> => {
  const found = await feedback.get(id);
  const viewer = await visibility.viewer();
  const [visible = false] = await visibleFeedback([found], { viewer, subjects: activities.subjects });
  if (found.deleted || !visible) throw new NotFound(`feedback ${id}`);
  return found;
};

const getFeedback = route({
  method: 'GET',
  path: '/v1/feedback/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a customer’s answer',
  params,
  response: FeedbackResource,
  handle: async ({ params: { id } }, deps: VoicesDeps) => shown(await findVisible(id, deps)),
});

const deleteFeedback = route({
  method: 'DELETE',
  path: '/v1/feedback/{id}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary:
    'Delete a customer’s answer: what was written in it goes, it counts no more, and is not taken in again',
  status: 204,
  params,
  response: NoContent,
  async handle({ params: { id }, ifMatch }, deps: VoicesDeps) {
    const found = await findVisible(id, deps);
    assertVersion(found, ifMatch, `feedback ${id}`);
    await deps.feedback.save(removeFeedback(found, deps.clock.now()), FeedbackReceived);
  },
});

export const feedbackRoutes = [receiveFeedback, listFeedback, getFeedback, deleteFeedback] as const;
