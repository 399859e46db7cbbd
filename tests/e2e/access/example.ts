import type { WholeWorld } from './world.ts';

/** An id that an example makes up: the last one of a kind is another record than the first. */
const MADE_UP = /\b([a-z]+)_01J[0-9A-Z]{23}\b/g;

const OTHER = /[1-9A-Z]$/;

/** A route's example, with ids of this world in the place of made-up ones. */
export const exampleIn = (world: WholeWorld, example: unknown): unknown => {
  const ids: Readonly<Record<string, readonly [string, string]>> = {
    acct: [world.accounts.own, world.accounts.team],
    mem: [world.members.own, world.members.team],
    team: [world.teams.own, world.teams.foreign],
    store: [world.store, world.store],
  };
  const text = JSON.stringify(example).replaceAll(MADE_UP, (madeUp, kind: string) => {
    const [first, other] = ids[kind] ?? [];
    return (OTHER.test(madeUp) ? other : first) ?? madeUp;
  });
  return JSON.parse(text) as unknown;
};
