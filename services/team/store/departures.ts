import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import {
  MemberDeparted,
  type MemberState,
  TeamChanged,
  type TeamState,
  TerritoryChanged,
  type TerritoryState,
} from '../../../shared/events/team.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import { memberEntity, teamEntity, TEAMS, territoryEntity, TERRITORIES } from './entities.ts';

/** DynamoDB's limit for one transaction, less the member's own write. */
const PER_TRANSACTION = 99;

/** What hangs on a member: the teams that are managed, the territories that are managed or owned. */
export interface Estate {
  readonly teams: readonly Stored<TeamState>[];
  readonly territories: readonly Stored<TerritoryState>[];
}

/** Departures, each written together with what passes to others by it. */
export class Departures {
  readonly #table: Table;
  readonly #members: Repository<MemberState>;
  readonly #teams: Repository<TeamState>;
  readonly #territories: Repository<TerritoryState>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#members = new Repository(table, memberEntity, cause);
    this.#teams = new Repository(table, teamEntity, cause);
    this.#territories = new Repository(table, territoryEntity, cause);
  }

  /** Found by the index, read as they are now. */
  async estateOf(id: MemberId): Promise<Estate> {
    const [listedTeams, listedTerritories] = await Promise.all([
      this.#teams.queryIndex('gsi1', TEAMS),
      this.#territories.queryIndex('gsi1', TERRITORIES),
    ]);
    const isManaged = ({ managerId }: TeamState | TerritoryState): boolean => managerId === id;
    const hangs = (territory: TerritoryState): boolean =>
      isManaged(territory) || territory.ownerIds.includes(id);
    const [teams, territories] = await Promise.all([
      this.#teams.getMany(listedTeams.items.filter(isManaged).map((team) => team.id)),
      this.#territories.getMany(listedTerritories.items.filter(hangs).map((territory) => territory.id)),
    ]);
    return {
      teams: [...teams.values()].filter(isManaged),
      territories: [...territories.values()].filter(hangs),
    };
  }

  /**
   * Writes the departure and what has passed on, in one transaction. An estate beyond a transaction goes before the
   * member, who is then still there for the request to be repeated. Throws PreconditionFailed where someone else has changed any of it since it was read.
   */
  async record(
    departed: Stored<MemberState>,
    passed: Estate,
    reassignTo: MemberId | undefined,
  ): Promise<Stored<MemberState>> {
    const writes = [
      ...passed.teams.map((team) => this.#teams.writeFor(team, TeamChanged)),
      ...passed.territories.map((territory) => this.#territories.writeFor(territory, TerritoryChanged)),
    ];
    const member = this.#members.writeFor(departed, { contract: MemberDeparted, change: { reassignTo } });
    try {
      while (writes.length > PER_TRANSACTION) await this.#table.transact(writes.splice(0, PER_TRANSACTION));
      await this.#table.transact([...writes, member]);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      throw new PreconditionFailed(
        `The member ${departed.id}, or what passes on, was changed by someone else meanwhile. Repeat the request.`,
      );
    }
    return { ...departed, version: departed.version + 1 };
  }
}
