import { Repository } from '../../../shared/dynamodb/repository.ts';
import { ReviewChanged } from '../../../shared/events/reviews.ts';
import { withSnapshot } from '../domain/review.ts';
import { reviewEntity } from '../store/reviews.ts';
import { keepAnswer } from './keep-answer.ts';
import type { TakeKpis } from './taker.ts';

/** Puts the numbers into a draft; a completed review never changes, however late they come. */
export const takeReviewKpis: TakeKpis = async ({ purpose, requestId, asOf, kpis }, { table, cause }) =>
  keepAnswer(
    new Repository(table, reviewEntity, cause),
    purpose.id,
    (review) => {
      if (review.snapshot?.requestId === requestId) return 'duplicate';
      return withSnapshot(review, { requestId, asOf, kpis }) ?? 'stale';
    },
    ReviewChanged,
  );
