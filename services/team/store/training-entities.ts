import { nameKey } from '../../../shared/directory/name-key.ts';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { TrainingProgramState } from '../../../shared/events/people.ts';
import type { MemberId, TrainingProgramId } from '../../../shared/ids/id.ts';
import { AssignmentState } from '../domain/training.ts';

export const PROGRAMS = 'training-programs';
export const programEntity = defineEntity<TrainingProgramState>({
  type: 'training-program',
  schema: TrainingProgramState,
  key: (id) => ({ pk: `training-program#${id}`, sk: 'state' }),
  indexes: ({ name }) => ({ gsi1pk: PROGRAMS, gsi1sk: nameKey(name) }),
});

export const ofProgram = (id: TrainingProgramId) => `training-assignments#${id}`;
export const ofMember = (id: MemberId) => `training-assignments#${id}`;

/** Open ones by their due day, then completed ones by the day of completion. */
export const position = ({ id, completedOn, dueOn }: AssignmentState) =>
  completedOn === undefined ? `open#${dueOn}#${id}` : `completed#${completedOn}#${id}`;

export const assignmentEntity = defineEntity<AssignmentState>({
  type: 'training-assignment',
  schema: AssignmentState,
  key: (id) => ({ pk: `training-assignment#${id}`, sk: 'state' }),
  indexes: (assignment) => ({
    gsi1pk: ofProgram(assignment.programId),
    gsi1sk: position(assignment),
    gsi2pk: ofMember(assignment.memberId),
    gsi2sk: position(assignment),
  }),
});
