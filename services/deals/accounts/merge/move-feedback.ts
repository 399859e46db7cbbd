import { storedFrom } from '../../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { FeedbackReceived } from '../../../../shared/events/feedback.ts';
import type { Feedback } from '../../domain/feedback.ts';
import { feedbackEntity, feedbackOfAccount } from '../../store/feedback.ts';
import type { MoverKind } from './mover.ts';

const PAGE = 25;

/** The account's answers; whom they count for stays. */
export const moveFeedback: MoverKind = {
  kind: 'feedback',
  open: ({ table }, { cause, clock }) => {
    const repository = new Repository(table, feedbackEntity, cause);
    return {
      list: async (accountId, after) => {
        const { items, lastKey } = await table.query({
          index: 'gsi2',
          pk: feedbackOfAccount(accountId),
          limit: PAGE,
          after,
        });
        return { ids: items.map((item) => storedFrom<Feedback>(item).id), after: lastKey };
      },
      move: async (id, from, to) =>
        untilSaved(async () => {
          const feedback = await repository.get(id);
          if (feedback.accountId === to) return 'there';
          if (feedback.deleted || feedback.accountId !== from) return 'elsewhere';
          await repository.save({ ...feedback, accountId: to, updatedAt: clock.now() }, FeedbackReceived);
          return 'moved';
        }),
    };
  },
};
