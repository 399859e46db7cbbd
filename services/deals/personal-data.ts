import { Directory } from '../../shared/directory/directory.ts';
import type { Table } from '../../shared/dynamodb/table.ts';
import { directoryHoldings } from '../../shared/privacy/directory-holdings.ts';
import type { PersonalHoldings } from '../../shared/privacy/personal-data-job.ts';
import { dealsOfOwner } from './store/entities.ts';

/** What deals hold of people: which of them are whose. They stay, under an id that says no more who it was. */
export const dealsHoldings = (table: Table): PersonalHoldings =>
  directoryHoldings(new Directory(table), async ({ subjectId }) => {
    const { items } = await table.query({ index: 'gsi1', pk: dealsOfOwner(subjectId) });
    return { deals: items.map(({ data }) => data) };
  });
