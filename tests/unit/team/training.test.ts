import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AssignmentState,
  isOverdue,
  newAssignment,
  tryModule,
} from '../../../services/team/domain/training.ts';
import { TrainingProgramState } from '../../../shared/events/people.ts';
import { derivedId, MemberId, TrainingProgramId } from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';

const today = Day.parse('2026-11-23');
const ada = derivedId(MemberId, 'ada');
const attempt = { at: Instant.parse('2026-11-23T09:30:00Z'), by: 'system', today } as const;

const program = (passScores: readonly (number | undefined)[], dueDays = 14): TrainingProgramState =>
  TrainingProgramState.parse({
    id: derivedId(TrainingProgramId, 'pasta'),
    name: 'Pasta for beginners',
    modules: passScores.map((passScore, index) => ({
      key: `m${String(index)}`,
      name: `Module ${String(index)}`,
      passScore,
    })),
    onboarding: true,
    dueDays,
    status: 'active',
  });

describe('an assignment', () => {
  it('is the same for the same program, member and round, and due after the program’s days', () => {
    const first = newAssignment(program([80]), ada, { today });
    expect(first).toMatchObject({ assignedOn: today, dueOn: '2026-12-07', round: 1 });
    expect(newAssignment(program([80, 90]), ada, { today: Day.parse('2027-01-01') }).id).toBe(first.id);
    expect(newAssignment(program([80]), ada, { today, round: 2 }).id).not.toBe(first.id);
  });

  it('gives a member who is yet to come the days from the first one on', () => {
    const startsOn = Day.parse('2027-01-04');
    expect(newAssignment(program([80]), ada, { today, startsOn }).dueOn).toBe('2027-01-18');
    const past = Day.parse('2026-01-04');
    expect(newAssignment(program([80]), ada, { today, startsOn: past }).dueOn).toBe('2026-12-07');
  });

  it('is neither due in the past nor of a retired program', () => {
    const dueOn = Day.parse('2026-11-22');
    expect(() => newAssignment(program([80]), ada, { today, dueOn })).toThrow('before today');
    expect(() => newAssignment({ ...program([80]), status: 'retired' }, ada, { today })).toThrow('retired');
  });

  it('keeps attempts below the pass score, and completes with the last module passed', () => {
    let assignment: AssignmentState = newAssignment(program([80, undefined]), ada, { today });
    expect(() => tryModule(assignment, 'm0', attempt)).toThrow('passed by a score of 80');
    assignment = tryModule(assignment, 'm0', { ...attempt, score: 79 });
    assignment = tryModule(assignment, 'm1', attempt);
    expect(assignment.completedOn).toBeUndefined();
    assignment = tryModule(assignment, 'm0', { ...attempt, score: 80 });
    expect(assignment).toMatchObject({ completedOn: today, score: 80 });
    expect(assignment.modules[0]?.attempts).toMatchObject([
      { score: 79, passed: false },
      { score: 80, passed: true },
    ]);
    expect(() => tryModule(assignment, 'm0', { ...attempt, score: 99 })).toThrow('completed already');
    expect(() => tryModule(assignment, 'm7', attempt)).toThrow('no module m7');
  });

  it('has no score where no module has one', () => {
    const done = tryModule(newAssignment(program([undefined]), ada, { today }), 'm0', attempt);
    expect(done.completedOn).toBe(today);
    expect(done.score).toBeUndefined();
  });

  it('takes so many attempts at a module and no more', () => {
    let assignment: AssignmentState = newAssignment(program([80]), ada, { today });
    for (let n = 0; n < 50; n += 1) assignment = tryModule(assignment, 'm0', { ...attempt, score: 10 });
    expect(() => tryModule(assignment, 'm0', { ...attempt, score: 100 })).toThrow('assign it anew');
  });

  it('is overdue from the day after it is due, until it is completed', () => {
    const assignment = newAssignment(program([undefined]), ada, { today, dueOn: today });
    expect(isOverdue(assignment, today)).toBe(false);
    expect(isOverdue(assignment, Day.parse('2026-11-24'))).toBe(true);
    expect(isOverdue(tryModule(assignment, 'm0', attempt), Day.parse('2026-11-24'))).toBe(false);
  });

  it('has the mean of its modules’ scores, in whatever order they are done', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(scores, fc.boolean(), (all, isReversed) => {
        const order = [...all.keys()];
        if (isReversed) order.reverse();
        const done = order.reduce<AssignmentState>(
          (assignment, index) =>
            tryModule(assignment, `m${String(index)}`, { ...attempt, score: all[index] }),
          newAssignment(program(all), ada, { today }),
        );
        const mean = all.reduce((sum, score) => sum + score, 0) / all.length;
        expect(done.completedOn).toBe(today);
        expect(Math.abs((done.score ?? Number.NaN) - mean)).toBeLessThanOrEqual(0.05 + 1e-9);
      }),
    );
  });
});
