import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import { ReviewId } from '../../../shared/ids/id.ts';
import type { Access } from '../access.ts';
import { Grade, Rating, Review } from '../domain/review.ts';
import { Text } from '../domain/text.ts';
import { reviewEntity } from '../store/reviews.ts';
import type { TeamDeps } from './deps.ts';

/** A review as the routes answer it. */
export const ReviewView = Review.omit({ request: true }).extend({ version: z.int() }).meta({ id: 'Review' });

export const reviewParams = z.object({ id: ReviewId });

/** What a reviewer writes; nothing has to be there before it is completed. */
export const reviewFields = {
  ratings: z
    .array(
      z.strictObject({
        ...Rating.shape,
        expectation: Grade.optional().describe('What the member’s role asks for, unless given.'),
        comment: Text.optional(),
      }),
    )
    .max(10, 'must be 10 at most')
    .optional(),
  strengths: Text.optional(),
  improvements: Text.optional(),
  overall: Grade.optional(),
};

const isAbout = ({ memberId }: Review, { actor }: Access): boolean =>
  actor.kind === 'member' && actor.id === memberId;

/** Whoever manages the member, and admins; the member once it is completed. */
export const seesReview = async (review: Review, access: Access): Promise<boolean> =>
  isAbout(review, access) ? review.status !== 'draft' : access.maySee(review.memberId);

/** Throws NotFound for a review that is not there, and alike for one that may not be seen. */
export const visibleReview = async (
  id: ReviewId,
  { table, cause, access }: Pick<TeamDeps, 'table' | 'cause' | 'access'>,
): Promise<{ readonly reviews: Repository<Review>; readonly review: Stored<Review> }> => {
  const reviews = new Repository(table, reviewEntity, cause);
  const review = await reviews.find(id);
  if (review === undefined || !(await seesReview(review, access))) throw new NotFound(`review ${id}`);
  return { reviews, review };
};

/** Throws Forbidden; nobody reviews themselves, admins included. */
export const assertReviews = async (review: Review, access: Access): Promise<void> => {
  if (isAbout(review, access) || !(await access.mayManage(review.memberId)))
    throw new Forbidden('Only whoever manages the member, and admins, may write a review; nobody their own.');
};

/** Throws Forbidden. */
export const assertReviewed = (review: Review, access: Access): void => {
  if (!isAbout(review, access))
    throw new Forbidden('Only the member whom it is about may acknowledge a review.');
};
