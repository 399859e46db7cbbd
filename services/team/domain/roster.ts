import type { MemberState, TeamState, TerritoryState } from '../../../shared/events/team.ts';
import { Shelf } from './shelf.ts';

/** The whole organization in memory, to be changed by an import. */
export class Roster {
  readonly members: Shelf<MemberState>;
  readonly teams: Shelf<TeamState>;
  readonly territories: Shelf<TerritoryState>;

  constructor(contents: {
    readonly members: readonly MemberState[];
    readonly teams: readonly TeamState[];
    readonly territories: readonly TerritoryState[];
  }) {
    this.members = new Shelf(contents.members, ({ name, email }) =>
      email === undefined ? [name] : [name, email],
    );
    this.teams = new Shelf(contents.teams, ({ name }) => [name]);
    this.territories = new Shelf(contents.territories, ({ name }) => [name]);
  }

  /** Rises with every change. */
  get revision(): number {
    return this.members.revision + this.teams.revision + this.territories.revision;
  }
}
