import { admitPresent } from '../../../shared/auth/admission.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { routes } from '../api.ts';
import { teamImports, teamTable } from '../store.ts';
import { memberEntity } from '../store/entities.ts';
import { teamDeps } from '../team-deps.ts';

const table = teamTable(process.env);
/** For reading alone, which has no cause; what a request writes has the request's. */
const present = new Repository(table, memberEntity, { correlationId: 'admission', actor: 'system' });
const storage = teamImports(process.env, table);

export const handler = apiHandler({
  service: 'team',
  routes,
  admit: admitPresent(async (id) => present.find(id)),
  deps: (context) => teamDeps({ table, storage, ...context }),
});
