import type { Table } from '../../../shared/dynamodb/table.ts';
import { Conflict, PreconditionFailed } from '../../../shared/errors/errors.ts';
import { importHandler, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import { importMember } from '../domain/member-import.ts';
import { type MemberField, memberImport } from '../domain/member-kind.ts';
import type { Roster } from '../domain/roster.ts';
import { OrganizationStore } from './organization.ts';
import { RosterStore } from './roster.ts';

/** How often a page is tried when others write the same members, or the index lags behind. */
const ATTEMPTS = 3;

/** Takes members in, a page at a time; a dry run changes the roster in memory alone. */
export const memberImportHandler = (table: Table) =>
  importHandler(memberImport, async ({ createMissing, dryRun, cause }) => {
    const today = await new OrganizationStore(table, cause).today();
    const open = async () => {
      const store = new RosterStore(table, cause);
      return { store, roster: await store.load() };
    };
    let { store, roster } = await open();

    const takeIn = (into: Roster, rows: readonly ImportRow<MemberField>[]): RowOutcome<MemberField>[] =>
      rows.map((row) => importMember(into, row, { createMissing, today }));

    return async (rows) => {
      for (let attempt = 1; ; attempt += 1) {
        const outcomes = takeIn(roster, rows);
        try {
          if (!dryRun) await store.save(roster);
          return outcomes;
        } catch (error) {
          const isOvertaken = error instanceof Conflict || error instanceof PreconditionFailed;
          if (!isOvertaken || attempt === ATTEMPTS) throw error;
          // What was written before it is met again, and unchanged.
          ({ store, roster } = await open());
        }
      }
    };
  });
