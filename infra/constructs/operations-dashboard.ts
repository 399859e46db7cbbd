import {
  AlarmStatusWidget,
  Dashboard,
  Metric,
  type Alarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { CountName } from '../../shared/observability/metric-table.ts';
import { named, type StageConfig } from '../stage.ts';
import { measured } from './counted.ts';
import { byService, FIVE_MINUTES, graph, heading, rowOf } from './dashboard-widgets.ts';
import { INDEXES, type OwnedTable } from './owned-table.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Subscription } from './subscription.ts';

interface OperationsDashboardProps {
  readonly stage: StageConfig;
  readonly functions: readonly ServiceFunction[];
  readonly subscriptions: readonly Subscription[];
  readonly tables: readonly OwnedTable[];
  readonly alarms: readonly Alarm[];
  readonly apiId: string;
}

type Widget = (width: number) => IWidget;

/** Whether the system works, from the top down: what is wrong, the way in, the way through, each part by itself. */
export class OperationsDashboard extends Construct {
  readonly name: string;
  readonly #props: OperationsDashboardProps;

  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    this.#props = props;
    const { stage, alarms } = props;
    this.name = named(stage, 'operations');
    new Dashboard(this, 'Dashboard', {
      dashboardName: this.name,
      widgets: [
        [
          heading(
            `# ${this.name}\n[Runbooks](${stage.runbookUrl}/README.md) · saved queries are in Logs Insights under \`quotaline-${stage.stage}/\` · \`npm run ops -- health --stage ${stage.stage}\` says the same in words`,
          ),
        ],
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 8 })],
        [this.#api()],
        ...[this.#relays(), this.#queues(), this.#events(), this.#tables()].map((row) => [row]),
        ...this.#services(),
      ],
    });
  }

  /** Of every service that has functions: the platform and the canary are some, too. */
  get #serviceNames(): readonly string[] {
    return [...new Set(this.#props.functions.map(({ service }) => service))];
  }

  #counts(title: string, ...names: readonly CountName[]): Widget {
    const owning = this.#props.tables.map(({ service }) => service);
    return graph(
      title,
      names.flatMap((name) => byService(name, owning)),
    );
  }

  #api(): IWidget {
    const metric = (metricName: string, statistic: string, label = metricName) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        dimensionsMap: { ApiId: this.#props.apiId },
        statistic,
        label,
        period: FIVE_MINUTES,
      });
    return rowOf(
      graph('API: requests', [metric('Count', 'Sum')], [metric('4xx', 'Sum'), metric('5xx', 'Sum')]),
      graph('API: latency', [
        metric('Latency', 'p50', 'p50'),
        metric('Latency', 'p95', 'p95'),
        metric('Latency', 'p99', 'p99'),
      ]),
      this.#counts(
        'Webhooks',
        'WebhookRejected',
        'WebhookDuplicates',
        'UnreadableDeliveries',
        'SilentStores',
      ),
      ...(this.#props.stage.canary === undefined
        ? []
        : [
            graph(
              'Canary',
              [measured('CanaryLag', 'canary', 'Maximum').with({ label: 'lag' })],
              [...byService('CanarySucceeded', []), ...byService('CanaryFailed', [])],
            ),
          ]),
    );
  }

  #relays(): IWidget {
    const relays = this.#props.functions.filter(({ unit }) => unit.endsWith('-relay'));
    return rowOf(
      graph(
        'Relays: age of the oldest record',
        relays.map(({ lambda, unit }) =>
          lambda.metric('IteratorAge', { statistic: 'Maximum', period: FIVE_MINUTES, label: unit }),
        ),
      ),
      this.#counts('Relays: published and merged', 'PublishedEvents', 'CoalescedEvents'),
      this.#counts('Relays: parked', 'ParkedRecords'),
    );
  }

  #queues(): IWidget {
    const { subscriptions } = this.#props;
    const options = { statistic: 'Maximum', period: FIVE_MINUTES };
    return rowOf(
      graph(
        'Queues: age of the oldest message',
        subscriptions.map(({ queue, unit }) =>
          queue.metricApproximateAgeOfOldestMessage({ ...options, label: unit }),
        ),
      ),
      graph(
        'Queues: messages waiting',
        subscriptions.map(({ queue, unit }) =>
          queue.metricApproximateNumberOfMessagesVisible({ ...options, label: unit }),
        ),
      ),
      graph(
        'Dead letters',
        subscriptions.map(({ deadLetters, unit }) =>
          deadLetters.metricApproximateNumberOfMessagesVisible({ ...options, label: unit }),
        ),
        subscriptions.map((subscription) =>
          subscription.lost().with({ period: FIVE_MINUTES, label: `lost to ${subscription.unit}` }),
        ),
      ),
    );
  }

  #events(): IWidget {
    return rowOf(
      this.#counts('Events that changed nothing', 'DuplicateEvents', 'StaleEvents'),
      this.#counts(
        'Messages that failed, and batches taken apart',
        'FailedMessages',
        'InvalidMessages',
        'BatchFallbacks',
      ),
      graph('Cold starts', byService('ColdStarts', this.#serviceNames)),
    );
  }

  #tables(): IWidget {
    const { tables } = this.#props;
    const of = (metricName: string, label: string): IMetric[] =>
      tables.map((table) =>
        table.metric(metricName).with({ period: FIVE_MINUTES, label: `${table.service} ${label}` }),
      );
    return rowOf(
      graph(
        'Tables: units consumed',
        of('ConsumedReadCapacityUnits', 'read'),
        of('ConsumedWriteCapacityUnits', 'written'),
      ),
      graph(
        'Tables: refused',
        tables.flatMap((table) =>
          [undefined, ...INDEXES].flatMap((index) =>
            ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
              table.metric(name, index).with({
                period: FIVE_MINUTES,
                label: `${table.service} ${index ?? ''} ${name.startsWith('Read') ? 'read' : 'written'}`,
              }),
            ),
          ),
        ),
      ),
      graph('Tables: transactions in one another’s way', of('TransactionConflict', '')),
    );
  }

  #services(): IWidget[][] {
    return this.#serviceNames.map((service) => {
      const functions = this.#props.functions.filter((fn) => fn.service === service);
      const of = (metric: (fn: ServiceFunction['lambda'], label: string) => IMetric) =>
        functions.map(({ lambda, unit }) => metric(lambda, unit));
      const period = FIVE_MINUTES;
      return [
        rowOf(
          graph(
            `${service}: errors and throttles`,
            of((fn, label) => fn.metricErrors({ period, label: `${label} errors` })),
            of((fn, label) => fn.metricThrottles({ period, label: `${label} throttles` })),
          ),
          graph(
            `${service}: invocations`,
            of((fn, label) => fn.metricInvocations({ period, label })),
          ),
          graph(
            `${service}: duration p95`,
            of((fn, label) => fn.metricDuration({ period, label, statistic: 'p95' })),
          ),
          graph(
            `${service}: at the same time`,
            of((fn, label) => fn.metric('ConcurrentExecutions', { period, label, statistic: 'Maximum' })),
          ),
        ),
      ];
    });
  }
}
