import * as z from 'zod';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { visiblePage } from '../../../shared/dynamodb/visible-page.ts';
import { Forbidden } from '../../../shared/errors/errors.ts';
import { ReviewChanged } from '../../../shared/events/reviews.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, newId, RequestId, ReviewId } from '../../../shared/ids/id.ts';
import { parsePeriod, PeriodText } from '../../../shared/time/period.ts';
import { withChanges } from '../domain/changes.ts';
import {
  assertDraft,
  assertReviewable,
  expectedOf,
  type Review,
  ReviewStatus,
  withRatings,
} from '../domain/review.ts';
import { allReviews, askSnapshot, reviewEntity, reviewsOf } from '../store/reviews.ts';
import type { TeamDeps } from './deps.ts';
import { assertKnown } from './references.ts';
import {
  assertReviews,
  reviewFields,
  reviewParams,
  ReviewView,
  seesReview,
  visibleReview,
} from './review.ts';

const beginReview = route({
  method: 'POST',
  path: '/v1/reviews',
  scope: 'sales/team.write',
  summary: 'Begin a review of a member over a period',
  description:
    'By whoever manages the member. The member sees it once it is completed. Expectations are those of the role; the KPIs of the period are filled in by themselves.',
  body: z.strictObject({ memberId: MemberId, period: PeriodText, ...reviewFields }),
  example: {
    memberId: 'mem_01JD0000000000000000000000',
    period: '2026-Q4',
    ratings: [{ competency: 'results', rating: 4, comment: 'Beat the quota in two months of three.' }],
    strengths: 'Knows every kitchen on the route.',
    overall: 4,
  },
  response: ReviewView,
  status: 201,
  idempotent: true,
  async handle(request, deps: TeamDeps) {
    const { table, cause, clock, access, members, organization } = deps;
    const { memberId, period: text, ratings = [], ...written } = request.body;
    const { actor } = access;
    await access.assertManages(memberId, `member ${memberId}`);
    if (actor.kind === 'member' && actor.id === memberId) throw new Forbidden('Nobody reviews themselves.');
    const member = await members.find(memberId);
    await assertKnown([
      { path: '/memberId', what: 'member', id: memberId, find: () => Promise.resolve(member) },
    ]);
    const period = parsePeriod(text, await organization.get());
    assertReviewable(period, await access.today());
    const now = clock.now();
    const review: Review = {
      ...written,
      id: idOfNew(ReviewId, request, clock),
      memberId,
      ...(actor.kind === 'member' && { reviewerId: actor.id }),
      period: period.text,
      from: period.from,
      to: period.to,
      status: 'draft',
      ratings: withRatings(expectedOf(member?.role ?? 'rep'), ratings),
      request: newId(RequestId, Date.parse(now)),
      createdAt: now,
    };
    const reviews = new Repository(table, reviewEntity, cause);
    return createOnce(reviews, review, request, [ReviewChanged, askSnapshot(review)]);
  },
});

const listReviews = route({
  method: 'GET',
  path: '/v1/reviews',
  scope: 'sales/team.read',
  summary: 'List reviews, the latest begun first',
  description:
    'Those the caller may see. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    memberId: MemberId.optional(),
    period: PeriodText.optional(),
    status: ReviewStatus.optional(),
  }),
  response: page(ReviewView),
  async handle({ query }, { table, cause, access }: TeamDeps) {
    const { memberId, period, status } = query;
    const binding = { list: 'reviews', memberId, period, status };
    const { items, lastKey } = await visiblePage(new Repository(table, reviewEntity, cause), {
      ...(memberId === undefined
        ? { index: 'gsi1', pk: allReviews }
        : { index: 'gsi2', pk: reviewsOf(memberId) }),
      limit: query.limit,
      cursor: positionOf(query, binding),
      isWanted: async (review) =>
        (period === undefined || review.period === period) &&
        (status === undefined || review.status === status) &&
        seesReview(review, access),
    });
    return pageOf(items, lastKey, binding);
  },
});

const getReview = route({
  method: 'GET',
  path: '/v1/reviews/{id}',
  scope: 'sales/team.read',
  summary: 'Get a review',
  params: reviewParams,
  response: ReviewView,
  handle: async ({ params }, deps: TeamDeps) => (await visibleReview(params.id, deps)).review,
});

const changeReview = route({
  method: 'PATCH',
  path: '/v1/reviews/{id}',
  scope: 'sales/team.write',
  summary: 'Write on at a review, while it is a draft',
  description: 'Null empties a field. A rating replaces the one of its competency; the others stay.',
  params: reviewParams,
  body: z.strictObject({
    ...reviewFields,
    strengths: reviewFields.strengths.nullable(),
    improvements: reviewFields.improvements.nullable(),
    overall: reviewFields.overall.nullable(),
  }),
  example: { improvements: 'Log calls on the day they were made.', overall: 3 },
  response: ReviewView,
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const { reviews, review } = await visibleReview(params.id, deps);
    await assertReviews(review, deps.access);
    assertVersion(review, ifMatch, `review ${review.id}`);
    assertDraft(review, 'changed');
    const { ratings = [], ...changes } = body;
    const changed = { ...withChanges(review, changes), ratings: withRatings(review.ratings, ratings) };
    return reviews.save(changed, ReviewChanged);
  },
});

export const reviewRoutes = [beginReview, listReviews, getReview, changeReview] as const;
