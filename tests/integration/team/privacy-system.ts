import { dealsEvents } from '../../../services/deals/events.ts';
import { dealsHoldings } from '../../../services/deals/personal-data.ts';
import { goalsEvents } from '../../../services/goals/events.ts';
import { goalsHoldings } from '../../../services/goals/personal-data.ts';
import { metricsEvents } from '../../../services/metrics/events.ts';
import { privacyRoutes } from '../../../services/team/routes/privacy.ts';
import { teamEvents } from '../../../services/team/events.ts';
import { personalDataFollowUps } from '../../../services/team/privacy/follow-ups.ts';
import { teamHoldings } from '../../../services/team/privacy/holdings.ts';
import { teamDeps } from '../../../services/team/team-deps.ts';
import { Directory, storeDirectoryEvent } from '../../../shared/directory/directory.ts';
import { directoryEvents } from '../../../shared/directory/items.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { causeOf } from '../../../shared/events/cause.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { EventContract, EventOf, ServiceName } from '../../../shared/events/contract.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { isEvent } from '../../../shared/events/envelope.ts';
import { GoalsJobAdvanced } from '../../../shared/events/goals.ts';
import { MetricsJobAdvanced } from '../../../shared/events/metrics.ts';
import {
  DealsPersonalDataHandled,
  GoalsPersonalDataHandled,
  MetricsPersonalDataHandled,
  PersonalDataRequested,
  TeamPersonalDataHandled,
} from '../../../shared/events/privacy.ts';
import { busEventOf, type EventMapping, outboxItemOf } from '../../../shared/events/stream-record.ts';
import { TeamImportAdvanced, TeamJobAdvanced } from '../../../shared/events/team.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { createLogger } from '../../../shared/observability/logger.ts';
import { directoryHoldings } from '../../../shared/privacy/directory-holdings.ts';
import { PersonFiles } from '../../../shared/privacy/person-files.ts';
import {
  type PersonalHoldings,
  personalDataHandler,
  startPersonalData,
} from '../../../shared/privacy/personal-data-job.ts';
import { callApi, type CallApi } from '../../support/call-api.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { scanned } from '../../support/scan.ts';
import { storedObjects } from '../../support/stored-objects.ts';
import { streamRecords } from '../../support/stream.ts';

interface Part {
  readonly table: Table;
  readonly events: EventMapping;
  readonly advanced: EventContract;
  readonly work: (message: Message) => Promise<unknown>;
}

const messageOf = (event: EventOf): Message => ({
  event,
  messageId: event.metadata.id,
  receiveCount: 1,
  cause: causeOf(event),
  logger: createLogger(),
});

export interface PrivacySystem {
  readonly call: CallApi;
  readonly tables: Readonly<Record<ServiceName, Table>>;
  /** `bucket/<key>` → text. */
  readonly objects: Map<string, string>;
  /** Hands every event to whoever follows it, `times` times each, until nothing is left to follow. */
  settle(times?: number): Promise<void>;
  /** Everything in a service’s table, as text. */
  contents(service: ServiceName): Promise<string>;
  stop(): Promise<void>;
}

/** The four services as far as they handle a person's data, each over a real table of its own. */
export const startPrivacySystem = async (): Promise<PrivacySystem> => {
  const dynoxide: Dynoxide = await startDynoxide();
  const { s3, objects } = storedObjects();
  const part = async (
    service: ServiceName,
    events: EventMapping,
    advanced: EventContract,
    handled: EventContract,
    holdings: (table: Table) => PersonalHoldings,
  ): Promise<Part> => {
    const table = await dynoxide.table();
    const files = new PersonFiles(s3, 'bucket');
    const handler = personalDataHandler({
      service,
      table,
      files,
      holdings: holdings(table),
      handled,
      ...(service === 'deals' && { folders: ['imports', 'parked', 'deliveries', 'downloads'] }),
    });
    return {
      table,
      events,
      advanced,
      work: jobWorker({ table, advanced, maxReceiveCount: 5, handlers: [handler] }),
    };
  };
  const parts: Readonly<Record<ServiceName, Part>> = {
    team: await part('team', teamEvents, TeamJobAdvanced, TeamPersonalDataHandled, teamHoldings),
    deals: await part('deals', dealsEvents, DealsJobAdvanced, DealsPersonalDataHandled, dealsHoldings),
    goals: await part('goals', goalsEvents, GoalsJobAdvanced, GoalsPersonalDataHandled, goalsHoldings),
    metrics: await part('metrics', metricsEvents, MetricsJobAdvanced, MetricsPersonalDataHandled, (table) =>
      directoryHoldings(new Directory(table)),
    ),
  };
  const { team, ...others } = parts;
  const storage = {
    table: team.table,
    s3,
    bucket: 'bucket',
    service: 'team',
    advanced: TeamImportAdvanced,
  } as const;
  const handler = apiHandler({
    service: 'team',
    routes: [...privacyRoutes],
    deps: (context) => teamDeps({ table: team.table, storage, ...context }),
  });

  const follow = async (event: EventOf): Promise<void> => {
    const message = messageOf(event);
    for (const { table, advanced, work } of Object.values(parts)) {
      if (isEvent(event, advanced)) await work(message);
      if (table !== team.table && directoryEvents.some((contract) => isEvent(event, contract)))
        await storeDirectoryEvent(table, event);
    }
    if (isEvent(event, PersonalDataRequested))
      for (const { table, advanced } of Object.values(others))
        await startPersonalData({ table, advanced }, { event, cause: message.cause });
    for (const each of personalDataFollowUps(team.table))
      if (isEvent(event, each.contract)) await each.handle(message);
  };

  const read = new Map<string, number>();
  const news = async ({ table, events }: Part): Promise<EventOf[]> => {
    const records = await streamRecords(dynoxide, table.name);
    const fresh = records.slice(read.get(table.name) ?? 0);
    read.set(table.name, records.length);
    return fresh.flatMap((record) => {
      const item = outboxItemOf(record);
      return (item?.outbox ?? []).flatMap((entry) => {
        if (item === undefined) return [];
        const { detailType, detail } = busEventOf(item, entry, events);
        return [{ detailType, ...detail }];
      });
    });
  };

  return {
    call: callApi(handler, privacyRoutes),
    tables: {
      team: team.table,
      deals: parts.deals.table,
      goals: parts.goals.table,
      metrics: parts.metrics.table,
    },
    objects,
    async settle(times = 1) {
      for (;;) {
        const due = (await Promise.all(Object.values(parts).map(news))).flat();
        if (due.length === 0) return;
        for (const event of due) for (let time = 0; time < times; time += 1) await follow(event);
      }
    },
    contents: async (service) => JSON.stringify(await scanned(dynoxide, parts[service].table.name)),
    stop: async () => dynoxide.stop(),
  };
};
