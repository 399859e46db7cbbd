import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { Feedback, FeedbackInvitation } from '../domain/feedback.ts';

/** Answers about a store’s orders; `none` for those about no store. */
export const feedbackOfStore = (storeId: string | undefined): string => `feedback#store#${storeId ?? 'none'}`;
export const feedbackOfAccount = (accountId: string): string => `feedback#account#${accountId}`;

/** By when it was answered. The id makes it unique. */
export const feedbackSortKey = ({ answeredAt, id }: Feedback): string => `${answeredAt}#${id}`;

export const feedbackEntity = defineEntity<Feedback>({
  type: 'feedback',
  schema: Feedback,
  key: (id) => ({ pk: `feedback#${id}`, sk: 'state' }),
  indexes: (feedback) =>
    feedback.deleted
      ? {}
      : {
          gsi1pk: feedbackOfStore(feedback.storeId),
          gsi1sk: feedbackSortKey(feedback),
          ...(feedback.accountId && {
            gsi2pk: feedbackOfAccount(feedback.accountId),
            gsi2sk: feedbackSortKey(feedback),
          }),
        },
});

/** All counts, by day. */
export const FEEDBACK_INVITATIONS = 'feedback-invitations';

export const feedbackInvitationEntity = defineEntity<FeedbackInvitation>({
  type: 'feedback-invitation',
  schema: FeedbackInvitation,
  key: (id) => ({ pk: `feedback-invitation#${id}`, sk: 'state' }),
  indexes: ({ day, id }) => ({ gsi1pk: FEEDBACK_INVITATIONS, gsi1sk: `${day}#${id}` }),
});
