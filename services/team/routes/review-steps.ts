import * as z from 'zod';
import { ReviewChanged, ReviewCompleted } from '../../../shared/events/reviews.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { route } from '../../../shared/http/route.ts';
import { newId, RequestId } from '../../../shared/ids/id.ts';
import { acknowledgeReview, assertDraft, completeReview } from '../domain/review.ts';
import { Text } from '../domain/text.ts';
import { askSnapshot } from '../store/reviews.ts';
import type { TeamDeps } from './deps.ts';
import { assertReviewed, assertReviews, reviewParams, ReviewView, visibleReview } from './review.ts';

const takeSnapshot = route({
  method: 'POST',
  path: '/v1/reviews/{id}/snapshot',
  via: '/v1/reviews/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Have the KPIs of a draft measured anew',
  description: 'The former numbers stay until the new ones have come.',
  params: reviewParams,
  response: ReviewView,
  status: 202,
  async handle({ params, ifMatch }, deps: TeamDeps) {
    const { reviews, review } = await visibleReview(params.id, deps);
    await assertReviews(review, deps.access);
    assertVersion(review, ifMatch, `review ${review.id}`);
    assertDraft(review, 'measured anew');
    const asking = { ...review, request: newId(RequestId, Date.parse(deps.clock.now())) };
    return reviews.save(asking, [ReviewChanged, askSnapshot(asking)]);
  },
});

const complete = route({
  method: 'POST',
  path: '/v1/reviews/{id}/complete',
  via: '/v1/reviews/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Complete a review',
  description:
    'Once everything is rated and the numbers are there. From then on neither they nor what was written change, and the member sees it.',
  params: reviewParams,
  response: ReviewView,
  async handle({ params, ifMatch }, deps: TeamDeps) {
    const { reviews, review } = await visibleReview(params.id, deps);
    await assertReviews(review, deps.access);
    assertVersion(review, ifMatch, `review ${review.id}`);
    return reviews.save(completeReview(review, deps.clock.now()), ReviewCompleted);
  },
});

const acknowledge = route({
  method: 'POST',
  path: '/v1/reviews/{id}/acknowledge',
  via: '/v1/reviews/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Acknowledge one’s own review, once',
  params: reviewParams,
  body: z.strictObject({ comment: Text.optional() }),
  example: { comment: 'Agreed. I’d like to take over the wholesale accounts.' },
  response: ReviewView,
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const { reviews, review } = await visibleReview(params.id, deps);
    assertReviewed(review, deps.access);
    assertVersion(review, ifMatch, `review ${review.id}`);
    return reviews.save(acknowledgeReview(review, body.comment, deps.clock.now()), ReviewChanged);
  },
});

export const reviewStepRoutes = [takeSnapshot, complete, acknowledge] as const;
