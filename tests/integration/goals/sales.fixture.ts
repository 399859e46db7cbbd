import { apiHandler } from '../../../shared/http/api-handler.ts';
import { Directory, storeDirectoryEvent } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { EventContract, EventOf } from '../../../shared/events/contract.ts';
import { MetricsUpdated, type Mover } from '../../../shared/events/metrics.ts';
import { MemberAdded, OrganizationUpdated, TeamChanged } from '../../../shared/events/team.ts';
import { AlertId, EventId, newId } from '../../../shared/ids/id.ts';
import { createLogger } from '../../../shared/observability/logger.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { deliver } from '../../../services/goals/alerts/deliver.ts';
import type { Mailer, OutgoingMail } from '../../../services/goals/alerts/mailer.ts';
import { routes } from '../../../services/goals/api.ts';
import { keepBuckets } from '../../../services/goals/progress/keep-buckets.ts';
import { Access } from '../../../services/goals/routes/access.ts';
import { Buckets } from '../../../services/goals/store/buckets.ts';
import { alertEntity, goalEntity } from '../../../services/goals/store/entities.ts';
import { GoalStore } from '../../../services/goals/store/goals.ts';
import { callApi } from '../../support/call-api.ts';
import { observedLogger, observedMetrics } from '../../support/observed.ts';
import { directoryOf, memberId } from '../../unit/goals/goal.fixture.ts';

const cause = { correlationId: 'corr-1', actor: 'system' } as const;

const eventOf = <Contract extends EventContract>(
  contract: Contract,
  subject: string,
  version: number,
  data: unknown,
): EventOf<Contract> => ({
  detailType: contract.detailType,
  metadata: {
    id: newId(EventId, Date.now()),
    time: Instant.parse('2026-11-16T00:00:00Z'),
    correlationId: cause.correlationId,
    actor: 'system',
    subject,
    version,
    epoch: 0,
  },
  data: contract.data.parse(data) as EventOf<Contract>['data'],
});

/** One bucket of the scope on a day; `version` is the bucket's. */
export const bucket = (
  version: number,
  counters: Readonly<Record<string, number>>,
  options: { readonly scope?: string; readonly day?: string; readonly movers?: readonly Mover[] } = {},
): Message<typeof MetricsUpdated> => {
  const { scope = `rep:${memberId('Marco')}`, day = '2026-11-16', movers = [] } = options;
  const data = { scope, day, shard: 0, counters, sketches: {}, currency: 'USD', movers };
  const event = eventOf(MetricsUpdated, `${scope}#${day}`, version, data);
  return { event, messageId: event.metadata.id, receiveCount: 1, cause, logger: createLogger() };
};

/** PastaPro's directory in the table, a clock at hand, mail into a list, and the service's own ways in. */
export const salesService = async (table: Table) => {
  const snapshot = directoryOf();
  await storeDirectoryEvent(table, eventOf(OrganizationUpdated, 'organization', 1, snapshot.organization));
  for (const member of snapshot.members())
    await storeDirectoryEvent(table, eventOf(MemberAdded, member.id, 1, member));
  for (const team of snapshot.teams())
    await storeDirectoryEvent(table, eventOf(TeamChanged, team.id, 1, team));

  const time = { now: Instant.parse('2026-11-16T00:00:00Z') };
  const clock = { now: () => time.now };
  const directory = new Directory(table);
  const buckets = new Buckets(table);
  const mails: OutgoingMail[] = [];
  const inbox: Mailer = async (mail) => {
    mails.push(mail);
    return `ses-${String(mails.length)}`;
  };
  const handler = apiHandler({
    service: 'goals',
    routes,
    clock,
    deps: ({ actor, cause: by }) => ({
      store: new GoalStore(table, by),
      buckets,
      clock,
      correlationId: by.correlationId,
      access: async () => Access.of(actor, directory, clock),
    }),
  });
  const store = new GoalStore(table, cause);
  const metrics = observedMetrics();
  const { logger, lines } = observedLogger();

  return {
    time,
    mails,
    inbox,
    store,
    call: callApi(handler, routes),
    lines,
    metrics,
    keep: async (...messages: readonly Message<typeof MetricsUpdated>[]) =>
      keepBuckets(
        messages,
        { table, clock, organization: async () => directory.organization() },
        { count: (name, by) => metrics.count(name, by), logger },
      ),
    alertsOf: async (goalId: string) => (await store.alerts.queryIndex('gsi2', `alerts#${goalId}`)).items,
    deliver: async (id: string, mailer: Mailer = inbox) =>
      deliver(AlertId.parse(id), {
        alerts: new Repository(table, alertEntity, cause),
        goals: new Repository(table, goalEntity, cause),
        directory: async () => directory.snapshot(),
        mailer,
        clock,
        publicUrl: 'https://sales.pastapro.example',
        count: () => undefined,
      }),
  };
};
export type SalesService = Awaited<ReturnType<typeof salesService>>;
