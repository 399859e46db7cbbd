import type { Table } from '../../shared/dynamodb/table.ts';
import type { Message } from '../../shared/events/consumer.ts';
import type { EventContract } from '../../shared/events/contract.ts';
import { followUp, type FollowUp } from '../../shared/events/follow-ups.ts';
import type { Outcome } from '../../shared/events/outcome.ts';
import {
  DealsSettingsChangeReported,
  GoalsSettingsChangeReported,
  MetricsSettingsChangeReported,
  type SettingsChangeReport,
} from '../../shared/events/settings-change.ts';
import type { PartName } from './domain/settings-change.ts';
import { SettingsChanges } from './store/settings-changes.ts';

/** What the services say of a change of settings, gathered into it. */
export const settingsReported = [
  DealsSettingsChangeReported,
  GoalsSettingsChangeReported,
  MetricsSettingsChangeReported,
] as const;

const gathering =
  (table: Table, service: PartName) =>
  async ({
    event: { data, metadata },
    cause,
  }: Message<EventContract<typeof SettingsChangeReport>>): Promise<Outcome> => {
    const { id, ...part } = data;
    const changes = new SettingsChanges(table, cause);
    const isNews = await changes.report(id, service, { ...part, version: metadata.version });
    return isNews ? 'done' : 'duplicate';
  };

export const settingsFollowUps = (table: Table): readonly FollowUp[] => [
  followUp(DealsSettingsChangeReported, gathering(table, 'deals')),
  followUp(GoalsSettingsChangeReported, gathering(table, 'goals')),
  followUp(MetricsSettingsChangeReported, gathering(table, 'metrics')),
];
