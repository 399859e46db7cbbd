import { importWorker } from '../../../shared/imports/worker.ts';
import { teamImports, teamTable } from '../store.ts';
import { memberImportHandler } from '../store/member-import.ts';
import { imports } from '../subscriptions.ts';

const table = teamTable(process.env);

export const handler = importWorker({
  subscription: imports,
  storage: teamImports(process.env, table),
  handlers: [memberImportHandler(table)],
});
