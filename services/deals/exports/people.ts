import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { exportHandler } from '../../../shared/exports/kind.ts';
import { partitionPages } from '../../../shared/exports/partition-pages.ts';
import type { Contact } from '../domain/contact.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { CONTACTS, contactsOfAccount } from '../store/contact-entity.ts';
import { leadsOfOwner } from '../store/lead-entity.ts';
import { contactCells, leadCells } from './cells.ts';
import { contactExport, leadExport } from './kinds.ts';

/** Those that were erased stand in no index. */
export const contacts = (table: Table) =>
  exportHandler(contactExport, async ({ accountId }) =>
    Promise.resolve(
      partitionPages(table, {
        ...(accountId === undefined
          ? { index: 'gsi2', partitions: [CONTACTS] }
          : { index: 'gsi1', partitions: [contactsOfAccount(accountId)] }),
        rowsOf: (items) => items.map((item) => contactCells(storedFrom<Contact>(item))),
      }),
    ),
  );

/** Of every member, departed ones too, and of nobody. */
export const leads = (table: Table) =>
  exportHandler(leadExport, async ({ ownerId, status }) => {
    const members = (await new Directory(table).snapshot()).members();
    return partitionPages(table, {
      index: 'gsi1',
      partitions:
        ownerId === undefined
          ? [leadsOfOwner(), ...members.map(({ id }) => leadsOfOwner(id))]
          : [leadsOfOwner(ownerId)],
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<Lead>(item))
          .filter((lead) => lead.source !== CANARY_SOURCE && (status === undefined || lead.status === status))
          .map(leadCells),
    });
  });
