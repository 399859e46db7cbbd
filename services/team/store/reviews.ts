import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { kpiIds } from '../../../shared/kpis/kpi.ts';
import { askKpis } from '../briefings/ask-kpis.ts';
import { Review } from '../domain/review.ts';

/** Index partitions: all reviews, and those of one member, by the time they were begun. */
export const allReviews = 'reviews';
export const reviewsOf = (memberId: string): string => `reviews#${memberId}`;

export const reviewEntity = defineEntity<Review>({
  type: 'review',
  schema: Review,
  key: (id) => ({ pk: `review#${id}`, sk: 'state' }),
  indexes: ({ id, memberId, createdAt }) => ({
    gsi1pk: allReviews,
    gsi1sk: `${createdAt}#${id}`,
    gsi2pk: reviewsOf(memberId),
    gsi2sk: `${createdAt}#${id}`,
  }),
});

/** Asks metrics for all that is known of the member in the period. */
export const askSnapshot = ({ id, memberId, from, to, request }: Review): OutboxEvent =>
  askKpis({
    id: request,
    scope: `rep:${memberId}`,
    kpis: [...kpiIds],
    from,
    to,
    purpose: { kind: 'review', id, part: 'snapshot' },
  });
