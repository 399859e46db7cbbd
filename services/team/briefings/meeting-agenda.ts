import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { GoalsAtRiskListed, RottingDealsListed } from '../../../shared/events/briefings.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import { MeetingChanged } from '../../../shared/events/meetings.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import { withPrepared } from '../domain/meeting.ts';
import { meetingEntity } from '../store/meetings.ts';
import { keepAnswer } from './keep-answer.ts';
import type { TakeKpis } from './taker.ts';

/** Puts the team’s numbers into a meeting’s preparation. */
export const takeMeetingKpis: TakeKpis = async ({ purpose, requestId, asOf, kpis }, { table, cause }) =>
  keepAnswer(
    new Repository(table, meetingEntity, cause),
    purpose.id,
    (meeting) => withPrepared(meeting, requestId, 'numbers', { asOf, kpis }),
    MeetingChanged,
  );

/** Puts the goals that are at risk into a meeting’s preparation. */
export const takingGoalsAtRisk =
  (table: Table) =>
  async ({ event, cause }: Pick<Message<typeof GoalsAtRiskListed>, 'event' | 'cause'>): Promise<Outcome> => {
    const { meetingId, requestId, asOf, goals: items } = event.data;
    return keepAnswer(
      new Repository(table, meetingEntity, cause),
      meetingId,
      (meeting) => withPrepared(meeting, requestId, 'goalsAtRisk', { asOf, items }),
      MeetingChanged,
    );
  };

/** Puts the deals that stand still into a meeting’s preparation. */
export const takingRottingDeals =
  (table: Table) =>
  async ({ event, cause }: Pick<Message<typeof RottingDealsListed>, 'event' | 'cause'>): Promise<Outcome> => {
    const { meetingId, requestId, asOf, deals: items } = event.data;
    return keepAnswer(
      new Repository(table, meetingEntity, cause),
      meetingId,
      (meeting) => withPrepared(meeting, requestId, 'rottingDeals', { asOf, items }),
      MeetingChanged,
    );
  };
