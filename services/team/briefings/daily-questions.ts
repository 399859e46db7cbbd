import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { DayBegan } from '../../../shared/events/team.ts';
import { CoachingSessions } from '../store/coaching.ts';
import { askDueEffects } from '../store/training-effects.ts';

/** Asks what is due on a day, or was on days that were passed by. What has been asked is not asked again. */
export const askingDaily =
  (table: Table) =>
  async ({ event, cause }: Pick<Message<typeof DayBegan>, 'event' | 'cause'>): Promise<Outcome> => {
    const sessions = new CoachingSessions(table, cause);
    let asked = 0;
    for (;;) {
      const { day } = event.data;
      const looked = (await sessions.askDue(day)) + (await askDueEffects(table, cause, day));
      if (looked === 0) return asked > 0 ? 'done' : 'irrelevant';
      asked += looked;
    }
  };
