import { Directory, storeDirectoryEvent } from '../../../shared/directory/directory.ts';
import { directoryEvents } from '../../../shared/directory/items.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import { parseEnvelope } from '../../../shared/events/envelope.ts';
import { MetricsUpdated } from '../../../shared/events/metrics.ts';
import type { BusEvent } from '../../../shared/events/publisher.ts';
import { coalesced } from '../../../shared/events/coalesce.ts';
import { busEventOf, outboxItemOf } from '../../../shared/events/stream-record.ts';
import { MemberAdded, OrganizationUpdated, TeamChanged } from '../../../shared/events/team.ts';
import { DealUpdated, DealWon, OrderAdjusted, ProductChanged } from '../../../shared/events/deals.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { EventId, newId } from '../../../shared/ids/id.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { routes } from '../../../services/metrics/api.ts';
import {
  bucketStateOf,
  bucketSubject,
  mergedBucketEvents,
} from '../../../services/metrics/store/bucket-event.ts';
import { Buckets } from '../../../services/metrics/store/buckets.ts';
import { Names } from '../../../services/metrics/store/names.ts';
import { takeIn } from '../../../services/metrics/store/take-in.ts';
import { facts } from '../../../services/metrics/subscriptions.ts';
import { callApi, type CallApi } from '../../support/call-api.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { id, settings } from '../../support/sample-facts.ts';
import { streamRecords } from '../../support/stream.ts';

const now = Date.parse('2026-11-23T09:30:00Z');
export const clock = { now: () => instantFrom(now) };

/** An event as a queue holds it: JSON from the bus. */
const bodyOf = (
  { source, detailType }: EventContract,
  subject: string,
  version: number,
  data: unknown,
): string =>
  JSON.stringify({
    source,
    'detail-type': detailType,
    detail: {
      metadata: {
        id: newId(EventId, now),
        time: clock.now(),
        correlationId: 'test',
        actor: 'system',
        subject,
        version,
      },
      data,
    },
  });

type Fed = Parameters<typeof takeIn>[0][number];
const fed = (contract: EventContract, subject: string, version: number, data: unknown): Fed => ({
  event: parseEnvelope(bodyOf(contract, subject, version, data), facts.contracts),
  cause: { correlationId: 'test', actor: 'system' },
});

export const dealMessage = (deal: { readonly id: string; readonly status: string }, version = 1): Fed =>
  fed(deal.status === 'won' ? DealWon : DealUpdated, deal.id, version, deal);
export const orderMessage = (order: { readonly id: string }, version = 1): Fed =>
  fed(OrderAdjusted, order.id, version, order);
export const productMessage = (n: number, name: string, version = 1): Fed =>
  fed(ProductChanged, id('prod', n), version, { id: id('prod', n), sku: name, name });

export interface MetricsService {
  readonly call: CallApi;
  readonly table: Table;
  feed(messages: readonly Fed[]): Promise<{ readonly changed: number; readonly outdated: number }>;
  /** What the relay would publish of everything so far, coalesced. */
  events(): Promise<readonly BusEvent[]>;
  stop(): Promise<void>;
}

const teamEvent = (contract: EventContract, subject: string, version: number, data: unknown) =>
  parseEnvelope(bodyOf(contract, subject, version, data), directoryEvents);

/** Member 1 leads team 1, which lies below team 9; members 2 (team 1) and 3 (team 2) are reps; member 4 is an admin. */
const organization = async (table: Table) => {
  const team = (n: number, over: object = {}) =>
    teamEvent(TeamChanged, id('team', n), 1, { id: id('team', n), name: `Team ${String(n)}`, ...over });
  const member = (n: number, role: string, teamId: string) =>
    teamEvent(MemberAdded, id('mem', n), 1, {
      id: id('mem', n),
      name: `Member ${String(n)}`,
      email: `m${String(n)}@example.com`,
      role,
      status: 'active',
      memberships: [{ teamId, from: '2026-01-01' }],
      territoryIds: [],
      rampMonths: 0,
    });
  const events = [
    teamEvent(OrganizationUpdated, 'organization', 1, {
      name: 'PastaPro',
      reportingCurrency: settings.reportingCurrency,
      timeZone: settings.timeZone,
      fiscalYearStartMonth: 1,
      businessDays: [1, 2, 3, 4, 5],
      paceThresholds: { ahead: 1.1, onTrack: 0.95, atRisk: 0.8 },
    }),
    team(9),
    team(1, { parentTeamId: id('team', 9), managerId: id('mem', 1) }),
    team(2, { parentTeamId: id('team', 9) }),
    member(1, 'manager', id('team', 1)),
    member(2, 'rep', id('team', 1)),
    member(3, 'rep', id('team', 2)),
    member(4, 'admin', id('team', 9)),
  ];
  for (const event of events) await storeDirectoryEvent(table, event);
};

/** The metrics service over a real table, fed by hand, its stream read by hand. */
export const startMetricsService = async (): Promise<MetricsService> => {
  const dynoxide: Dynoxide = await startDynoxide();
  const table = await dynoxide.table({ clock });
  await organization(table);
  const names = new Names(table);
  const deps = { buckets: new Buckets(table), names, directory: new Directory(table), clock };
  const handler = apiHandler({ service: 'metrics', routes, clock, deps: () => deps });
  const mapping = { contracts: [MetricsUpdated], project: bucketStateOf, subject: bucketSubject };
  return {
    call: callApi(handler, routes),
    table,
    feed: async (messages) => takeIn(messages, { table, names, settings }),
    async events() {
      const outgoing = (await streamRecords(dynoxide, table.name)).flatMap((record) => {
        const item = outboxItemOf(record);
        return (item?.outbox ?? []).map((entry) => {
          if (item === undefined) throw new Error('an outbox without its item');
          return { event: busEventOf(item, entry, mapping), records: [record] };
        });
      });
      return coalesced(outgoing, mergedBucketEvents).map(({ event }) => event);
    },
    stop: async () => dynoxide.stop(),
  };
};
