import type { Target, WholeWorld } from './world.ts';

/**
 * What a rep, her manager, another team's manager and an admin may do with what is the rep's own, a teammate's, and someone's of the
 * other team, in this order: `+` may, `-` is told that there is none (404), `x` is told that they may not (403).
 */
export type Rights = string;

export interface Row {
  readonly rights: Rights;
  /** Below the API; for the target. */
  readonly path?: (world: WholeWorld, target: Target) => string;
  readonly body?: (world: WholeWorld, target: Target) => unknown;
  /** For a system with the route's scope; it may, unless this says otherwise. */
  readonly client?: 'x';
  /** Statuses beside 2xx and 412 that mean that the caller was let in, as where the state does not allow the step. */
  readonly letIn?: readonly number[];
}

export const everyone: Rights = '+++ +++ +++ +++';
export const admins: Rights = 'xxx xxx xxx +++';
/** Deals, orders and records about people: whose they are, whoever manages the owner’s team, admins. */
export const owners: Rights = '+-- ++- --+ +++';
/** The own team’s: its numbers, its meetings. */
export const board: Rights = '++- ++- --+ +++';

/** A path whose first parameter is this id. */
export const one =
  (path: string, id: (world: WholeWorld, target: Target) => string): NonNullable<Row['path']> =>
  (world, target) =>
    path.replace(/\{\w+\}/, id(world, target));

export const ofMember = (step = '') =>
  one(`/v1/members/{id}${step}`, ({ members }, target) => members[target]);
