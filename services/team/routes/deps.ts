import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { TeamState, TerritoryState } from '../../../shared/events/team.ts';
import type { ImportDeps } from '../../../shared/imports/routes.ts';
import type { Members } from '../store/members.ts';
import type { OrganizationStore } from '../store/organization.ts';

/** What the handlers of this service work with, made anew for each request. */
export interface TeamDeps extends ImportDeps {
  readonly organization: OrganizationStore;
  readonly members: Members;
  readonly teams: Repository<TeamState>;
  readonly territories: Repository<TerritoryState>;
}
