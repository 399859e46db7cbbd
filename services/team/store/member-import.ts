import type { Table } from '../../../shared/dynamodb/table.ts';
import { importHandler } from '../../../shared/imports/kind.ts';
import { importMember } from '../domain/member-import.ts';
import { memberImport } from '../domain/member-kind.ts';
import { OrganizationStore } from './organization.ts';
import { RosterStore } from './roster.ts';

/** Takes members in, a page at a time; a dry run changes the roster in memory alone. */
export const memberImportHandler = (table: Table) =>
  importHandler(memberImport, async ({ createMissing, dryRun, cause }) => {
    const store = new RosterStore(table, cause);
    const [roster, today] = await Promise.all([store.load(), new OrganizationStore(table, cause).today()]);
    return async (rows) => {
      const outcomes = rows.map((row) => importMember(roster, row, { createMissing, today }));
      if (!dryRun) await store.save(roster);
      return outcomes;
    };
  });
