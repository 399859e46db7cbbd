import type { Table } from '../../../shared/dynamodb/table.ts';
import { GoalsSettingsChangeReported } from '../../../shared/events/settings-change.ts';
import { settingsChangeHandler } from '../../../shared/settings-change/job.ts';
import { keepSettings } from '../../../shared/settings-change/keep-settings.ts';
import { beginQuiet, endQuiet } from '../store/quiet.ts';
import { previewPage } from './preview.ts';
import { restatePage } from './restate.ts';

/** What a change of settings means for goals, their targets and periods. */
export const goalsSettingsChange = (table: Table) =>
  settingsChangeHandler({
    reported: GoalsSettingsChangeReported,
    phases: {
      preview: previewPage(table),
      prepare: async ({ change }, { clock }) => {
        await beginQuiet(table, clock.now());
        await keepSettings(table, change);
        return {};
      },
      recompute: restatePage(table),
      finish: async (_work, { clock }) => {
        await endQuiet(table, clock.now());
        return {};
      },
    },
  });
