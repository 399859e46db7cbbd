import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { named, type StageConfig } from '../stage.ts';
import { measured } from './counted.ts';
import { byCurrency, byService, figure, FIVE_MINUTES, graph, heading, rowOf } from './dashboard-widgets.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Subscription } from './subscription.ts';

interface BusinessDashboardProps {
  readonly stage: StageConfig;
  readonly functions: readonly ServiceFunction[];
  readonly subscriptions: readonly Subscription[];
}

/** What the system does for its people, and how soon. The exact figures are the API's; these are their pulse. */
export class BusinessDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { stage, functions, subscriptions }: BusinessDashboardProps) {
    super(scope, id);
    this.name = named(stage, 'business');
    const importers = functions.filter(({ unit }) => unit.endsWith('-imports'));
    const imports = subscriptions.filter(({ unit }) => unit.endsWith('-imports'));
    const lag = (service: string, label: string) =>
      ['p50', 'p95'].map((statistic) =>
        measured('EndToEndLag', service, statistic).with({ label: `${label} ${statistic}` }),
      );
    new Dashboard(this, 'Dashboard', {
      dashboardName: this.name,
      widgets: [
        [
          heading(
            `# ${this.name}\nGross, as it happens: reopened deals and refunds are not taken back. The exact figures are those of \`GET /v1/metrics\`.`,
          ),
        ],
        [
          rowOf(
            figure('Revenue closed, by currency', [byCurrency('RevenueClosed')]),
            figure('Won and paid', [...byService('DealsWon', []), ...byService('OrdersPaid', [])]),
            figure('Goals', [...byService('GoalsReached', []), ...byService('MilestonesReached', [])]),
            figure('Mails', [...byService('MailsSent', []), ...byService('MailsFailed', [])]),
          ),
        ],
        [
          rowOf(
            graph('Revenue closed, by currency', [byCurrency('RevenueClosed')]),
            graph('Deals won and orders paid', [
              ...byService('DealsWon', []),
              ...byService('OrdersPaid', []),
            ]),
          ),
        ],
        [
          rowOf(
            graph('Milestones and goals reached', [
              ...byService('MilestonesReached', []),
              ...byService('GoalsReached', []),
            ]),
            graph('Mails', byService('MailsSent', []), byService('MailsFailed', [])),
          ),
        ],
        [
          rowOf(
            graph('From the request to its metric', lag('metrics', 'counted')),
            graph('From the request to its mail', lag('goals', 'mailed')),
          ),
        ],
        [
          rowOf(
            graph(
              'Imports: slices taken in',
              importers.map(({ lambda, unit }) =>
                lambda.metricInvocations({ period: FIVE_MINUTES, label: unit }),
              ),
            ),
            graph(
              'Imports: waiting, in seconds',
              imports.map(({ queue, unit }) =>
                queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, label: unit }),
              ),
            ),
          ),
        ],
      ],
    });
  }
}
