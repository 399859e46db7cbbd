import type { Table } from '../../../shared/dynamodb/table.ts';
import type { EventOf } from '../../../shared/events/contract.ts';
import { withSealed } from '../../../shared/privacy/sealed-fields.ts';
import type { AuditArchive } from './archive.ts';
import { type AuditEntry, entryItem, entryOf } from './entry.ts';
import { PersonalKeys } from './personal-keys.ts';
import { personalFieldsOf, toldState } from './told-state.ts';

/**
 * Writes an entry for each event, into the table and the archive. An event that comes again writes the same entry again,
 * and their order does not matter: an entry says what was after its change, and nothing of what was before.
 */
export const recordChanges = async (
  events: readonly EventOf[],
  { table, archive }: { readonly table: Table; readonly archive: AuditArchive },
): Promise<void> => {
  const once = [...new Map(events.map((event) => [event.metadata.id, event])).values()];
  if (once.length === 0) return;
  const people = once
    .filter(({ detailType }) => personalFieldsOf(detailType).length > 0)
    .map(({ metadata }) => metadata.subject);
  const keys = await new PersonalKeys(table).forWriting(people);
  const entries = once.map((event): AuditEntry => {
    const { subject } = event.metadata;
    const { state, details } = toldState(event);
    const fields = personalFieldsOf(event.detailType);
    return entryOf(event, { details, state: withSealed(state, { subject, fields, key: keys.get(subject) }) });
  });
  await table.batchPut(entries.map(entryItem));
  await archive.keep(entries);
};
