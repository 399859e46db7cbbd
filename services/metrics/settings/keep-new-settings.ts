import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import {
  MetricsSettingsChangeReported,
  type SettingsChangeRequested,
} from '../../../shared/events/settings-change.ts';
import { keepSettings } from '../../../shared/settings-change/keep-settings.ts';
import { settingsReportEntity } from '../store/settings-report.ts';

/**
 * Keeps the new settings and says so: from then on facts are told by them, and deals may tell theirs again. There is nothing
 * else to do here, for a fact that is told again takes the place of what it was.
 */
export const keepingNewSettings =
  (table: Table) =>
  async ({ event: { data }, cause }: Message<typeof SettingsChangeRequested>): Promise<Outcome> => {
    const { id, phase } = data;
    if (phase !== 'prepare') return 'irrelevant';
    await keepSettings(table, data);
    const reports = new Repository(table, settingsReportEntity, cause);
    const known = await reports.find(id);
    // Said again where it was said before: whoever asks again may have missed it.
    if (known === undefined)
      await reports.create(
        { id, phase, status: 'done', counts: {}, problems: [] },
        MetricsSettingsChangeReported,
      );
    else await reports.save(known, MetricsSettingsChangeReported);
    return 'done';
  };
