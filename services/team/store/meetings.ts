import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { AgendaRequested } from '../../../shared/events/briefings.ts';
import type { Period } from '../../../shared/time/period.ts';
import { askKpis } from '../briefings/ask-kpis.ts';
import { Meeting, meetingKpis } from '../domain/meeting.ts';

/** Index partitions: all meetings, and those of one team, by when they start. */
export const allMeetings = 'meetings';
export const meetingsOf = (teamId: string): string => `meetings#${teamId}`;

export const meetingEntity = defineEntity<Meeting>({
  type: 'meeting',
  schema: Meeting,
  key: (id) => ({ pk: `meeting#${id}`, sk: 'state' }),
  indexes: ({ id, teamId, startsAt }) => ({
    gsi1pk: allMeetings,
    gsi1sk: `${startsAt}#${id}`,
    gsi2pk: meetingsOf(teamId),
    gsi2sk: `${startsAt}#${id}`,
  }),
});

/** Asks metrics for the team’s numbers, and goals and deals for what to talk about. */
export const askAgenda = (
  { id, teamId, request }: Meeting,
  { from, to }: Pick<Period, 'from' | 'to'>,
): readonly OutboxEvent[] => [
  { contract: AgendaRequested, change: { id: request, meetingId: id, teamId, from, to } },
  askKpis({
    id: request,
    scope: `team:${teamId}`,
    kpis: [...meetingKpis],
    from,
    to,
    purpose: { kind: 'meeting', id, part: 'numbers' },
  }),
];
