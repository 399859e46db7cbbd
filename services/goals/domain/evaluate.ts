import type { Instant } from '../../../shared/time/instant.ts';
import type { Reading } from './attainment.ts';
import type { Goal, Standing } from './goal.ts';

export type CrossingDirection = 'reached' | 'reverted';

/** Milestones that changed sides in one step: one event and one alert, however many they are. */
export interface Crossing {
  readonly direction: CrossingDirection;
  /** Percent of the target, ascending. */
  readonly milestones: readonly number[];
  /** The goal's episode in which they changed sides. */
  readonly episode: number;
  /** False for what is only recorded: passed before the goal existed, or lost again without ever having been told. */
  readonly announced: boolean;
}

export interface Step<T extends Goal> {
  /** The goal as it is to be written. */
  readonly goal: T;
  readonly crossing: Crossing;
}

const milestonesOf = (standing: readonly Standing[]): number[] =>
  standing.map(({ milestone }) => milestone).toSorted((a, b) => a - b);

/**
 * What a reading changes about a goal; undefined where the same milestones stand as before, as after any repeated event.
 * Which milestones stand is a function of the reading alone, however the numbers came about. `announce: false` is for the
 * first look at a new goal or target: what it has passed already is recorded, and mailed to nobody.
 */
export const stepOf = <T extends Goal>(
  goal: T,
  { reached }: Pick<Reading, 'reached'>,
  now: Instant,
  { announce = true }: { readonly announce?: boolean } = {},
): Step<T> | undefined => {
  const { standing, episode } = goal;
  const lost = standing.filter(({ milestone }) => !reached.includes(milestone));
  const kept = standing.filter(({ milestone }) => reached.includes(milestone));
  if (lost.length > 0) {
    const told = lost.filter(({ announced }) => announced);
    return {
      goal: { ...goal, standing: kept, episode: episode + 1 },
      crossing: {
        direction: 'reverted',
        milestones: milestonesOf(told.length > 0 ? told : lost),
        episode,
        announced: told.length > 0,
      },
    };
  }
  const gained = reached
    .filter((milestone) => !kept.some((one) => one.milestone === milestone))
    .map((milestone): Standing => ({ milestone, since: now, announced: announce }));
  if (gained.length === 0) return undefined;
  const next = [...kept, ...gained].toSorted((a, b) => a.milestone - b.milestone);
  return {
    goal: { ...goal, standing: next },
    crossing: { direction: 'reached', milestones: milestonesOf(gained), episode, announced: announce },
  };
};
