import { admitPresent } from '../../../shared/auth/admission.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { routes } from '../api.ts';
import { Buckets } from '../store/buckets.ts';
import { Names } from '../store/names.ts';
import { metricsTable } from '../store/table.ts';

const table = metricsTable(process.env);
const directory = new Directory(table);
const deps = { buckets: new Buckets(table), names: new Names(table), directory };

export const handler = apiHandler({
  service: 'metrics',
  routes,
  admit: admitPresent(async (id) => directory.member(id)),
  deps: ({ clock }) => ({ ...deps, clock }),
});
