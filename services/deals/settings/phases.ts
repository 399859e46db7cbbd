import type { Table } from '../../../shared/dynamodb/table.ts';
import { DealsSettingsChangeReported } from '../../../shared/events/settings-change.ts';
import { settingsChangeHandler } from '../../../shared/settings-change/job.ts';
import { keepSettings } from '../../../shared/settings-change/keep-settings.ts';
import { previewPage } from './preview.ts';
import { recomputePage } from './recompute.ts';

/** What a change of settings means for deals, orders and their rates. */
export const dealsSettingsChange = (table: Table) =>
  settingsChangeHandler({
    reported: DealsSettingsChangeReported,
    phases: {
      preview: previewPage(table),
      prepare: async ({ change }) => {
        await keepSettings(table, change);
        return {};
      },
      recompute: recomputePage(table),
    },
  });
