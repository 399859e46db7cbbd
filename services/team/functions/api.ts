import { admitPresent } from '../../../shared/auth/admission.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { Imports } from '../../../shared/imports/storage.ts';
import { routes } from '../api.ts';
import { teamImports, teamTable } from '../store.ts';
import { memberEntity, teamEntity, territoryEntity } from '../store/entities.ts';
import { Members } from '../store/members.ts';
import { OrganizationStore } from '../store/organization.ts';

const table = teamTable(process.env);
/** For reading alone, which has no cause; what a request writes has the request's. */
const present = new Repository(table, memberEntity, { correlationId: 'admission', actor: 'system' });
const storage = teamImports(process.env, table);

export const handler = apiHandler({
  service: 'team',
  routes,
  admit: admitPresent(async (id) => present.find(id)),
  deps: ({ cause, clock }) => ({
    organization: new OrganizationStore(table, cause),
    members: new Members(table, cause),
    teams: new Repository(table, teamEntity, cause),
    territories: new Repository(table, territoryEntity, cause),
    imports: new Imports(storage, cause),
    clock,
  }),
});
