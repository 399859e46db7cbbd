import * as z from 'zod';
import { CoachingLogged } from '../../shared/events/coaching.ts';
import { MeetingChanged } from '../../shared/events/meetings.ts';
import { ReviewChanged, ReviewCompleted } from '../../shared/events/reviews.ts';
import { SettingsChangeRequested } from '../../shared/events/settings-change.ts';
import { keyById, type RestatedService, staying } from '../../shared/events/restated.ts';
import {
  CandidateChanged,
  TrainingAssignmentChanged,
  TrainingProgramChanged,
} from '../../shared/events/people.ts';
import {
  DayBegan,
  MemberUpdated,
  OrganizationUpdated,
  TeamChanged,
  TeamImportAdvanced,
  TeamJobAdvanced,
  TerritoryChanged,
} from '../../shared/events/team.ts';
import {
  CandidateId,
  CoachingSessionId,
  JobId,
  MeetingId,
  MemberId,
  RequestId,
  ReviewId,
  TeamId,
  TerritoryId,
  TrainingAssignmentId,
  TrainingProgramId,
} from '../../shared/ids/id.ts';
import { restatedImports } from '../../shared/imports/restated.ts';
import { restatedJobs } from '../../shared/jobs/restated.ts';
import { Review } from './domain/review.ts';
import { meetingEntity } from './store/meetings.ts';
import { reviewEntity } from './store/reviews.ts';
import { COACHING_DUE, coachingSessionEntity } from './store/coaching.ts';
import { SETTINGS_CHANGE_LOCK, settingsChangeEntity } from './store/settings-changes.ts';
import { candidateEntity } from './store/candidates.ts';
import { TRAINING_EFFECT_DUE } from './store/training-effects.ts';
import { assignmentEntity, programEntity } from './store/training-entities.ts';
import { DAY, dayEntity } from './store/days.ts';
import { teamEvents } from './events.ts';
import { PersonalDataRequested } from '../../shared/events/privacy.ts';
import { personalDataEntity } from './privacy/requests.ts';
import { AUDIT_ENTRY } from './audit/entry.ts';
import { AUDIT_PERSONAL_KEY } from './audit/personal-keys.ts';
import {
  memberEntity,
  ORGANIZATION,
  organizationEntity,
  teamEntity,
  territoryEntity,
} from './store/entities.ts';

const Status = z.object({ data: Review.pick({ status: true }) });
const EmailItem = z.object({ memberId: MemberId });

/**
 * No event says that a member, team or territory never was: those made since a backup stay, as every other service knows
 * them. Remove a member by its departure.
 */
export const restated: RestatedService = {
  service: 'team',
  events: teamEvents,
  kinds: [
    {
      type: organizationEntity.type,
      keyOf: (subject) => (subject === ORGANIZATION ? organizationEntity.key(subject) : undefined),
      tells: () => OrganizationUpdated,
    },
    { type: memberEntity.type, keyOf: keyById(MemberId, memberEntity), tells: () => MemberUpdated },
    { type: teamEntity.type, keyOf: keyById(TeamId, teamEntity), tells: () => TeamChanged },
    {
      type: territoryEntity.type,
      keyOf: keyById(TerritoryId, territoryEntity),
      tells: () => TerritoryChanged,
    },
    {
      // The reservation of an address goes back with its member, and stays with one who was made since.
      type: 'email',
      madeSince: () => undefined,
      belongsTo: (item) => memberEntity.key(EmailItem.parse(item).memberId),
    },
    {
      // A day that began stays begun.
      ...staying(dayEntity.type),
      keyOf: (subject) => (subject === DAY ? dayEntity.key(subject) : undefined),
      tells: () => DayBegan,
    },
    // The pool of users does not go back, nor does what is known of it. Members who do are news to it.
    staying('sign-in'),
    staying('sign-in-user'),
    {
      // Who was erased since stays so only by asking again, with what is kept of the requests.
      ...staying(personalDataEntity.type),
      keyOf: keyById(JobId, personalDataEntity),
      tells: () => PersonalDataRequested,
    },
    // What happened has happened, and who was erased stays erased.
    staying(AUDIT_ENTRY),
    staying(AUDIT_PERSONAL_KEY),
    {
      type: coachingSessionEntity.type,
      keyOf: keyById(CoachingSessionId, coachingSessionEntity),
      tells: () => CoachingLogged,
    },
    { type: COACHING_DUE },
    { type: meetingEntity.type, keyOf: keyById(MeetingId, meetingEntity), tells: () => MeetingChanged },
    {
      type: reviewEntity.type,
      keyOf: keyById(ReviewId, reviewEntity),
      tells: (item) => (Status.parse(item).data.status === 'draft' ? ReviewChanged : ReviewCompleted),
    },
    {
      type: settingsChangeEntity.type,
      keyOf: keyById(RequestId, settingsChangeEntity),
      // The phase that is due is told again: each service answers once more, or goes on where it stood.
      tells: () => SettingsChangeRequested,
    },
    { type: SETTINGS_CHANGE_LOCK, madeSince: () => undefined },
    {
      type: candidateEntity.type,
      keyOf: keyById(CandidateId, candidateEntity),
      tells: () => CandidateChanged,
    },
    {
      type: programEntity.type,
      keyOf: keyById(TrainingProgramId, programEntity),
      tells: () => TrainingProgramChanged,
    },
    {
      type: assignmentEntity.type,
      keyOf: keyById(TrainingAssignmentId, assignmentEntity),
      tells: () => TrainingAssignmentChanged,
    },
    { type: TRAINING_EFFECT_DUE },
    ...restatedImports(TeamImportAdvanced),
    restatedJobs(TeamJobAdvanced),
  ],
};
