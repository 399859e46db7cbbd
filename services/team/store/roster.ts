import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import {
  MemberAdded,
  type MemberState,
  MemberTransferred,
  MemberUpdated,
  TeamChanged,
  type TeamState,
  TerritoryChanged,
  type TerritoryState,
} from '../../../shared/events/team.ts';
import { Roster } from '../domain/roster.ts';
import type { Shelf, ShelfChange } from '../domain/shelf.ts';
import { teamEntity, TEAMS, TERRITORIES, territoryEntity } from './entities.ts';
import { Members } from './members.ts';

/** Writes under way at once: an import shares the table with everyone else. */
const CONCURRENCY = 8;

const memberEvent = ({ before, after }: ShelfChange<MemberState>) =>
  JSON.stringify(before?.memberships) === JSON.stringify(after.memberships)
    ? MemberUpdated
    : MemberTransferred;

/** The organization as it is stored, brought into memory, changed there, and written back change by change. */
export class RosterStore {
  readonly #members: Members;
  readonly #teams: Repository<TeamState>;
  readonly #territories: Repository<TerritoryState>;
  /** As read or last written, by id. */
  readonly #stored = new Map<string, Stored<MemberState | TeamState | TerritoryState>>();

  constructor(table: Table, cause: Cause) {
    this.#members = new Members(table, cause);
    this.#teams = new Repository(table, teamEntity, cause);
    this.#territories = new Repository(table, territoryEntity, cause);
  }

  async load(): Promise<Roster> {
    const [members, teams, territories] = await Promise.all([
      this.#members.all(),
      this.#teams.queryIndex('gsi1', TEAMS),
      this.#territories.queryIndex('gsi1', TERRITORIES),
    ]);
    for (const each of [...members, ...teams.items, ...territories.items]) this.#stored.set(each.id, each);
    return new Roster({ members, teams: teams.items, territories: territories.items });
  }

  /**
   * Writes what has changed. Throws AlreadyExists or PreconditionFailed where someone else was faster, or an index had
   * not caught up: load again, and import again what was not written.
   */
  async save(roster: Roster): Promise<void> {
    await this.#each(roster.territories, async ({ after }, version) =>
      version === undefined
        ? this.#territories.create(after, TerritoryChanged)
        : this.#territories.save({ ...after, version }, TerritoryChanged),
    );
    await this.#each(roster.teams, async ({ after }, version) =>
      version === undefined
        ? this.#teams.create(after, TeamChanged)
        : this.#teams.save({ ...after, version }, TeamChanged),
    );
    await this.#each(roster.members, async (change, version) => {
      const { before, after } = change;
      return before === undefined || version === undefined
        ? this.#members.create(after, MemberAdded)
        : this.#members.save({ ...before, version }, { ...after, version }, memberEvent(change));
    });
  }

  async #each<T extends MemberState | TeamState | TerritoryState>(
    shelf: Shelf<T>,
    write: (change: ShelfChange<T>, version: number | undefined) => Promise<Stored<T>>,
  ): Promise<void> {
    await mapConcurrently(shelf.takeChanges(), CONCURRENCY, async (change) => {
      const stored = await write(change, this.#stored.get(change.after.id)?.version);
      this.#stored.set(stored.id, stored);
    });
  }
}
