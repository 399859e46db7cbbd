import type { Actor } from '../../shared/auth/actor.ts';
import { Repository } from '../../shared/dynamodb/repository.ts';
import type { Table } from '../../shared/dynamodb/table.ts';
import type { Cause } from '../../shared/events/cause.ts';
import { TeamJobAdvanced } from '../../shared/events/team.ts';
import { Imports, type ImportStorage } from '../../shared/imports/storage.ts';
import { Jobs } from '../../shared/jobs/jobs.ts';
import type { Clock } from '../../shared/time/instant.ts';
import { Access } from './access.ts';
import type { TeamDeps } from './routes/deps.ts';
import { teamEntity, territoryEntity } from './store/entities.ts';
import { Members } from './store/members.ts';
import { OrganizationStore } from './store/organization.ts';

/** What the routes of this service work with, made for one request. */
export const teamDeps = ({
  table,
  storage,
  cause,
  actor,
  clock,
}: {
  readonly table: Table;
  readonly storage: ImportStorage;
  readonly cause: Cause;
  readonly actor: Actor;
  readonly clock: Clock;
}): TeamDeps => {
  const organization = new OrganizationStore(table, cause);
  const members = new Members(table, cause);
  const teams = new Repository(table, teamEntity, cause);
  return {
    table,
    cause,
    organization,
    members,
    teams,
    territories: new Repository(table, territoryEntity, cause),
    imports: new Imports(storage, cause),
    storage,
    exportStorage: storage,
    jobs: new Jobs(table, TeamJobAdvanced, cause),
    access: new Access({ actor, members, teams, organization }),
    clock,
  };
};
