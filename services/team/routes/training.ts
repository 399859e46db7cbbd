import * as z from 'zod';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { TrainingProgramState } from '../../../shared/events/people.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import type { Access } from '../access.ts';
import { AssignmentState, isOverdue } from '../domain/training.ts';
import { programEntity } from '../store/training-entities.ts';
import { Assignments } from '../store/training.ts';
import type { TeamDeps } from './deps.ts';

/** An assignment as the routes answer it. */
export const TrainingAssignment = AssignmentState.omit({ effect: true })
  .extend({
    status: z.enum(['open', 'completed']),
    overdue: z.boolean().describe('Due before today, and not completed.'),
    version: z.int(),
  })
  .meta({ id: 'TrainingAssignment' });

export const programsOf = ({ table, cause }: TeamDeps): Repository<TrainingProgramState> =>
  new Repository(table, programEntity, cause);

export const assignmentsOf = ({ table, cause }: TeamDeps): Assignments => new Assignments(table, cause);

export const shownAssignment = <A extends AssignmentState>(assignment: A, today: Day) => ({
  ...assignment,
  status: assignment.completedOn === undefined ? ('open' as const) : ('completed' as const),
  overdue: isOverdue(assignment, today),
});

/** Asks once for each member, however many of the member's records a list meets. */
export const recordsSeenBy = (access: Access) => {
  const known = new Map<MemberId, Promise<boolean>>();
  return async ({ memberId }: { readonly memberId: MemberId }): Promise<boolean> => {
    const answer = known.get(memberId) ?? access.maySee(memberId);
    known.set(memberId, answer);
    return answer;
  };
};
