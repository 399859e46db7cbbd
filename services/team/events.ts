import { directoryEvents } from '../../shared/directory/items.ts';
import { KpisRequested } from '../../shared/events/briefings.ts';
import { CoachingLogged } from '../../shared/events/coaching.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';
import { DayBegan, TeamImportAdvanced, TeamJobAdvanced } from '../../shared/events/team.ts';

/** What the relay publishes; each event carries its item's entity. */
export const teamEvents: EventMapping = {
  contracts: [
    ...directoryEvents,
    DayBegan,
    TeamImportAdvanced,
    TeamJobAdvanced,
    CoachingLogged,
    KpisRequested,
  ],
};
