import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { TeamState, TerritoryState } from '../../../shared/events/team.ts';
import type { ExportDeps } from '../../../shared/exports/routes.ts';
import type { ImportDeps } from '../../../shared/imports/routes.ts';
import type { ImportStorage } from '../../../shared/imports/storage.ts';
import type { Jobs } from '../../../shared/jobs/jobs.ts';
import type { Access } from '../access.ts';
import type { Members } from '../store/members.ts';
import type { OrganizationStore } from '../store/organization.ts';

/** What the handlers of this service work with, made anew for each request. */
export interface TeamDeps extends ImportDeps, ExportDeps {
  readonly table: Table;
  /** For repositories of a resource's own. */
  readonly cause: Cause;
  readonly organization: OrganizationStore;
  readonly members: Members;
  readonly teams: Repository<TeamState>;
  readonly territories: Repository<TerritoryState>;
  readonly jobs: Jobs;
  /** For links to files. */
  readonly storage: Pick<ImportStorage, 's3' | 'bucket'>;
  /** What the caller may see and do of people's records. */
  readonly access: Access;
}
