import * as z from 'zod';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { MemberState } from '../../../shared/events/team.ts';
import { exportHandler, exportKind } from '../../../shared/exports/kind.ts';
import { partitionPages } from '../../../shared/exports/partition-pages.ts';
import { memberCells } from '../domain/member-cells.ts';
import { MEMBERS, teamEntity, TEAMS } from '../store/entities.ts';
import { OrganizationStore } from '../store/organization.ts';

export const memberExport = exportKind({
  kind: 'members',
  description: 'The file can be imported again as it is. ',
  columns: ['id', 'name', 'email', 'role', 'status', 'team', 'manager', 'territory', 'startedOn'],
  filters: z.strictObject({ status: MemberState.shape.status.optional() }),
});

/** Everyone by name, departed ones too, each in the team of the day. */
export const memberExportHandler = (table: Table) =>
  exportHandler(memberExport, async ({ status }, { cause }) => {
    const [today, teams] = await Promise.all([
      new OrganizationStore(table, cause).today(),
      new Repository(table, teamEntity, cause).queryIndex('gsi1', TEAMS),
    ]);
    const byId = new Map(teams.items.map((team) => [team.id, team]));
    return partitionPages(table, {
      index: 'gsi1',
      partitions: [MEMBERS],
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<MemberState>(item))
          .filter((member) => status === undefined || member.status === status)
          .map((member) => memberCells(member, { team: (id) => byId.get(id), today })),
    });
  });
