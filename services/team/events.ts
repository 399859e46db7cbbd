import { directoryEvents } from '../../shared/directory/items.ts';
import { AgendaRequested, KpisRequested } from '../../shared/events/briefings.ts';
import { CoachingLogged } from '../../shared/events/coaching.ts';
import { SettingsChangeRequested } from '../../shared/events/settings-change.ts';
import {
  CandidateChanged,
  TrainingAssignmentChanged,
  TrainingCompleted,
  TrainingProgramChanged,
} from '../../shared/events/people.ts';
import { ReviewChanged, ReviewCompleted } from '../../shared/events/reviews.ts';
import { PersonalDataRequested, TeamPersonalDataHandled } from '../../shared/events/privacy.ts';
import { MeetingChanged } from '../../shared/events/meetings.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';
import { DayBegan, TeamImportAdvanced, TeamJobAdvanced } from '../../shared/events/team.ts';

const peopleEvents = [CandidateChanged, TrainingProgramChanged, TrainingAssignmentChanged, TrainingCompleted];

/** What the relay publishes; each event carries its item's entity. */
export const teamEvents: EventMapping = {
  contracts: [
    ...directoryEvents,
    ...peopleEvents,
    DayBegan,
    TeamImportAdvanced,
    TeamJobAdvanced,
    CoachingLogged,
    ReviewChanged,
    ReviewCompleted,
    KpisRequested,
    AgendaRequested,
    MeetingChanged,
    SettingsChangeRequested,
    PersonalDataRequested,
    TeamPersonalDataHandled,
  ],
};
