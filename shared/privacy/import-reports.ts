import type { Table } from '../dynamodb/table.ts';
import { ImportId } from '../ids/id.ts';
import { importEntity } from '../imports/storage.ts';
import { ImportJob } from '../imports/job.ts';
import { names } from './naming.ts';

/** The import that a file belongs to: `imports/<service>/<id>/<hash>.csv`. */
export const importOfFile = (key: string): ImportId | undefined => ImportId.safeParse(key.split('/')[2]).data;

/** Whether nothing reads the import’s file any more. One whose report is gone has ended long ago. */
export const hasEnded = async (table: Table, id: ImportId): Promise<boolean> => {
  const item = await table.get(importEntity.key(id));
  if (item === undefined) return true;
  const { status } = ImportJob.parse(item.data);
  return status === 'succeeded' || status === 'failed';
};

/** Removes what an import’s report says of the person’s rows; the counts stay. Answers how many parts of it went. */
export const eraseFromReport = async (
  table: Table,
  id: ImportId,
  terms: readonly string[],
): Promise<number> => {
  const { pk } = importEntity.key(id);
  const { items } = await table.query({ pk, skPrefix: 'errors#' });
  const telling = items.filter(({ errors }) => names(JSON.stringify(errors), terms));
  for (const { sk } of telling) await table.transact([{ remove: { pk, sk: String(sk) } }]);
  return telling.length;
};
