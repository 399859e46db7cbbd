import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { alertIdOf } from '../../../services/goals/domain/alert.ts';
import { readGoal } from '../../../services/goals/domain/attainment.ts';
import { type Crossing, stepOf } from '../../../services/goals/domain/evaluate.ts';
import { editGoal, type Goal } from '../../../services/goals/domain/goal.ts';
import { instant, atUtc, goalOf, midNovember, totalsOf } from './goal.fixture.ts';

const stepAt = (goal: Goal, value: number, options = {}) =>
  stepOf(goal, readGoal(goal, totalsOf({ wonRevenue: value }), atUtc), midNovember, options);

/** Plays values one after another; answers the goal and what was crossed on the way. */
const play = (values: readonly number[], goal = goalOf()) => {
  const crossings: Crossing[] = [];
  const ids: string[] = [];
  let current = goal;
  for (const value of values) {
    const step = stepAt(current, value);
    if (step === undefined) continue;
    crossings.push(step.crossing);
    ids.push(alertIdOf(current, step.crossing));
    current = step.goal;
  }
  return { goal: current, crossings, ids };
};

describe('milestones', () => {
  it('passed in one jump are one crossing', () => {
    const { crossings } = play([1_000_000, 12_500_000]);
    expect(crossings).toEqual([
      { direction: 'reached', milestones: [25, 50, 75, 100], episode: 1, announced: true },
    ]);
  });

  it('are told again when they are reached again after a reversal, under another key', () => {
    const { crossings, ids } = play([8_000_000, 4_000_000, 8_000_000]);
    expect(crossings.map(({ direction, milestones, episode }) => [direction, milestones, episode])).toEqual([
      ['reached', [25, 50, 75], 1],
      ['reverted', [50, 75], 1],
      ['reached', [50, 75], 2],
    ]);
    expect(new Set(ids).size).toBe(3);
  });

  it('passed before the goal existed are recorded, told to nobody, and lost without a correction', () => {
    const first = stepAt(goalOf(), 6_000_000, { announce: false });
    expect(first?.crossing).toMatchObject({ milestones: [25, 50], announced: false });
    const lost = stepAt(first?.goal ?? goalOf(), 3_000_000);
    expect(lost?.crossing).toMatchObject({ direction: 'reverted', milestones: [50], announced: false });
    expect(stepAt(lost?.goal ?? goalOf(), 6_000_000)?.crossing).toMatchObject({
      milestones: [50],
      announced: true,
    });
  });

  it('are corrected only as far as they were told', () => {
    const recorded = stepAt(goalOf(), 6_000_000, { announce: false })?.goal ?? goalOf();
    const told = stepAt(recorded, 8_000_000)?.goal ?? goalOf();
    expect(stepAt(told, 0)?.crossing).toMatchObject({
      direction: 'reverted',
      milestones: [75],
      announced: true,
    });
  });

  it('of a ratio count only with five deals and a tenth of the period', () => {
    const goal = goalOf({ kpi: 'winRate', unit: 'ratio', target: 0.5, currency: undefined });
    const reached = (won: number, lost: number, now = midNovember) =>
      readGoal(goal, totalsOf({ wonDeals: won, lostDeals: lost }), { now, timeZone: 'UTC' }).reached;
    expect(reached(4, 0)).toEqual([]);
    expect(reached(3, 2)).toEqual([25, 50, 75, 100]);
    expect(reached(3, 2, instant('2026-11-02T00:00:00Z'))).toEqual([]);
  });

  it('of a new target have keys of their own', () => {
    const before = play([8_000_000]);
    const edited = editGoal(before.goal, { milestones: [50, 75] });
    expect(edited).toMatchObject({ revision: 2, standing: [], episode: 1 });
    expect(play([8_000_000], edited).ids).not.toEqual(before.ids);
  });
});

const values = fc.array(fc.integer({ min: -2_000_000, max: 20_000_000 }), { maxLength: 30 });

describe('whatever the numbers do', () => {
  test.prop([values])('each milestone is reached and lost in turn, starting with reached', (sequence) => {
    const { crossings } = play(sequence);
    for (const milestone of goalOf().milestones) {
      const turns = crossings
        .filter(({ milestones }) => milestones.includes(milestone))
        .map((c) => c.direction);
      expect(turns).toEqual(turns.map((_, index) => (index % 2 === 0 ? 'reached' : 'reverted')));
    }
  });

  test.prop([values])('no two crossings have one key, and a repeated value crosses nothing', (sequence) => {
    const doubled = play(sequence.flatMap((value) => [value, value, value]));
    const once = play(sequence);
    expect(new Set(once.ids).size).toBe(once.ids.length);
    expect(doubled.ids).toEqual(once.ids);
  });

  test.prop([values, fc.integer({ min: 0, max: 20_000_000 })])(
    'which milestones stand depends on the last value alone',
    (sequence, last) => {
      const standing = (history: readonly number[]) =>
        play(history).goal.standing.map(({ milestone }) => milestone);
      expect(standing([...sequence, last])).toEqual(standing([last]));
    },
  );
});
