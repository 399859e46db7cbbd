import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { SettingsChangeReport } from '../../../shared/events/settings-change.ts';

/** What was said to a change of settings, under the change's id. */
export const settingsReportEntity = defineEntity<SettingsChangeReport>({
  type: 'settings-report',
  schema: SettingsChangeReport,
  key: (id) => ({ pk: `settings-report#${id}`, sk: 'state' }),
});
