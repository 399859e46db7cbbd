import * as z from 'zod';
import { Conflict, InvalidTransition, NotFound, Unprocessable } from '../../../shared/errors/errors.ts';
import { Actor } from '../../../shared/events/contract.ts';
import { TrainingModule, type TrainingProgramState } from '../../../shared/events/people.ts';
import { derivedId, MemberId, TrainingAssignmentId, TrainingProgramId } from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { addDays } from '../../../shared/time/zone.ts';
import { TrainingEffect } from './training-effect.ts';

const Attempt = z.object({ at: Instant, by: Actor, score: z.int().optional(), passed: z.boolean() });

export const AssignmentState = z.object({
  id: TrainingAssignmentId,
  programId: TrainingProgramId,
  memberId: MemberId,
  /** 1 the first time; a refresher is another round. */
  round: z.int(),
  assignedOn: Day,
  dueOn: Day,
  /** As they were when the program was assigned: what has begun does not grow. */
  modules: z.array(TrainingModule.extend({ attempts: z.array(Attempt) })),
  completedOn: Day.optional(),
  /** 0–100, one decimal. */
  score: z.number().optional(),
  effect: TrainingEffect.optional(),
});
export type AssignmentState = z.infer<typeof AssignmentState>;

const MOST_ATTEMPTS = 50;

/**
 * The same program, member and round are the same assignment. Throws InvalidTransition for a program that is retired,
 * Unprocessable for a due day before today.
 */
export const newAssignment = (
  { id: programId, status, modules, dueDays }: TrainingProgramState,
  memberId: MemberId,
  {
    today,
    startsOn = today,
    dueOn = addDays(startsOn > today ? startsOn : today, dueDays),
    round = 1,
  }: {
    readonly today: Day;
    /** A member who is yet to come has the program’s days from then on. */
    readonly startsOn?: Day | undefined;
    readonly dueOn?: Day | undefined;
    readonly round?: number | undefined;
  },
): AssignmentState => {
  if (status === 'retired') throw new InvalidTransition(`${programId} is retired and can’t be assigned.`);
  if (dueOn < today)
    throw new Unprocessable(`Training can’t be due before today, ${today}.`, [
      { path: '/dueOn', message: `must be ${today} or later` },
    ]);
  return {
    id: derivedId(TrainingAssignmentId, programId, memberId, String(round)),
    programId,
    memberId,
    round,
    assignedOn: today,
    dueOn,
    modules: modules.map((module) => ({ ...module, attempts: [] })),
  };
};

const isPassed = ({ attempts }: AssignmentState['modules'][number]): boolean =>
  attempts.some(({ passed }) => passed);

/** The mean of the scores that passed, to one decimal; undefined where there are none. */
const scoreOf = (modules: AssignmentState['modules']): number | undefined => {
  const scores = modules.flatMap(({ attempts }) => attempts.find(({ passed }) => passed)?.score ?? []);
  if (scores.length === 0) return undefined;
  return Math.round((scores.reduce((sum, score) => sum + score, 0) * 10) / scores.length) / 10;
};

/**
 * Records an attempt at a module, and the whole as completed with the last one passed. Throws NotFound for a module that
 * the assignment has not, InvalidTransition for one passed before, Unprocessable where a score is missing, Conflict for too
 * many attempts.
 */
export const tryModule = <Assignment extends AssignmentState>(
  assignment: Assignment,
  key: string,
  attempt: {
    readonly score?: number | undefined;
    readonly at: Instant;
    readonly by: Actor;
    readonly today: Day;
  },
): Assignment => {
  const { id, modules: before } = assignment;
  const module = before.find((each) => each.key === key);
  if (module === undefined) throw new NotFound(`module ${key} in ${id}`);
  if (isPassed(module)) throw new InvalidTransition(`The module ${key} of ${id} is completed already.`);
  const { score, at, by, today } = attempt;
  const { passScore, attempts } = module;
  if (passScore !== undefined && score === undefined)
    throw new Unprocessable(`The module ${key} is passed by a score of ${String(passScore)}.`, [
      { path: '/score', message: 'must be given for this module' },
    ]);
  if (attempts.length >= MOST_ATTEMPTS)
    throw new Conflict(
      `The module ${key} of ${id} was tried ${String(MOST_ATTEMPTS)} times; assign it anew.`,
    );
  const passed = passScore === undefined || (score !== undefined && score >= passScore);
  const tried = { at, by, passed, ...(score === undefined ? {} : { score }) };
  const modules = before.map((each) =>
    each === module ? { ...each, attempts: [...attempts, tried] } : each,
  );
  if (!modules.every(isPassed)) return { ...assignment, modules };
  const total = scoreOf(modules);
  return { ...assignment, modules, completedOn: today, ...(total === undefined ? {} : { score: total }) };
};

/** Due before today, and not completed. */
export const isOverdue = ({ completedOn, dueOn }: AssignmentState, today: Day): boolean =>
  completedOn === undefined && dueOn < today;
