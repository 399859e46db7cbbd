import * as z from 'zod';
import { CandidateId, MemberId, TeamId, TrainingAssignmentId, TrainingProgramId } from '../ids/id.ts';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';

/** In the order in which a candidate passes them. */
export const OpenStage = z.enum(['applied', 'screening', 'interview', 'offer']);
export type OpenStage = z.infer<typeof OpenStage>;

export const CandidateStage = z.enum([...OpenStage.options, 'hired', 'rejected']);
export type CandidateStage = z.infer<typeof CandidateStage>;

export const CandidateChanged = event({
  service: 'team',
  name: 'CandidateChanged',
  major: 1,
  description: 'A candidate applied, moved on, or was written about. Who it is stays in the team service.',
  data: z.object({
    id: CandidateId,
    stage: CandidateStage,
    teamId: TeamId.optional(),
    /** Of one who was hired. */
    memberId: MemberId.optional(),
  }),
});

export const TrainingModule = z.object({
  /** Stays the same when the module is renamed: `pasta-basics`. */
  key: z.string(),
  name: z.string(),
  minutes: z.int().optional(),
  /** 0–100; a module without one is passed by doing it. */
  passScore: z.int().optional(),
});
export type TrainingModule = z.infer<typeof TrainingModule>;

export const TrainingProgramState = z.object({
  id: TrainingProgramId,
  name: z.string(),
  description: z.string().optional(),
  modules: z.array(TrainingModule),
  /** Whether everyone who is hired gets it. */
  onboarding: z.boolean(),
  /** Days from its assignment until it is due. */
  dueDays: z.int(),
  status: z.enum(['active', 'retired']),
});
export type TrainingProgramState = z.infer<typeof TrainingProgramState>;

export const TrainingProgramChanged = event({
  service: 'team',
  name: 'TrainingProgramChanged',
  major: 1,
  description: 'A training program was made or changed.',
  data: TrainingProgramState,
});

export const TrainingAssignmentChanged = event({
  service: 'team',
  name: 'TrainingAssignmentChanged',
  major: 1,
  description: 'A program was assigned to a member, or the member tried one of its modules.',
  data: z.object({
    id: TrainingAssignmentId,
    programId: TrainingProgramId,
    memberId: MemberId,
    round: z.int(),
    assignedOn: Day,
    dueOn: Day,
    completedOn: Day.optional(),
    /** 0–100. */
    score: z.number().optional(),
  }),
});

export const TrainingCompleted = event({
  service: 'team',
  name: 'TrainingCompleted',
  major: 1,
  description: 'A member passed the last module of a program.',
  data: z.object({
    assignmentId: TrainingAssignmentId,
    programId: TrainingProgramId,
    memberId: MemberId,
    /** Mean of its modules’ scores, 0–100; absent where none has a score. */
    score: z.number().optional(),
    completedOn: Day,
  }),
});
