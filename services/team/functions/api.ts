import { Repository } from '../../../shared/dynamodb/repository.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { Imports } from '../../../shared/imports/storage.ts';
import { routes } from '../api.ts';
import { teamImports, teamTable } from '../store.ts';
import { teamEntity, territoryEntity } from '../store/entities.ts';
import { Members } from '../store/members.ts';
import { OrganizationStore } from '../store/organization.ts';

const table = teamTable(process.env);
const storage = teamImports(process.env, table);

export const handler = apiHandler({
  service: 'team',
  routes,
  deps: ({ cause, clock }) => ({
    organization: new OrganizationStore(table, cause),
    members: new Members(table, cause),
    teams: new Repository(table, teamEntity, cause),
    territories: new Repository(table, territoryEntity, cause),
    imports: new Imports(storage, cause),
    clock,
  }),
});
