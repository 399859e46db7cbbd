import { storeDirectoryEvent } from '../directory/directory.ts';
import type { Table } from '../dynamodb/table.ts';
import type { EventMetadata } from '../events/contract.ts';
import type { SettingsChangeData } from '../events/settings-change.ts';
import { OrganizationUpdated } from '../events/team.ts';

/** Keeps the new settings as the directory's, unless they or newer ones have come by themselves. */
export const keepSettings = async (
  table: Table,
  { after, settings }: SettingsChangeData,
  subject: EventMetadata['subject'] = 'organization',
): Promise<void> => {
  if (settings === undefined) throw new TypeError('The change does not say which version its settings have.');
  await storeDirectoryEvent(table, {
    detailType: OrganizationUpdated.detailType,
    metadata: { subject, ...settings },
    data: after,
  });
};
