import { admitPresent } from '../../../shared/auth/admission.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { routes } from '../api.ts';
import { Access } from '../routes/access.ts';
import { goalsTable } from '../store.ts';
import { Buckets } from '../store/buckets.ts';
import { GoalStore } from '../store/goals.ts';

const table = goalsTable(process.env);
const directory = new Directory(table);
const buckets = new Buckets(table);

export const handler = apiHandler({
  service: 'goals',
  routes,
  admit: admitPresent(async (id) => directory.member(id)),
  deps: ({ cause, actor, clock }) => ({
    store: new GoalStore(table, cause),
    buckets,
    clock,
    correlationId: cause.correlationId,
    access: async () => Access.of(actor, directory, clock),
  }),
});
