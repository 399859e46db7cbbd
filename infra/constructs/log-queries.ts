import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { steps } from '../../shared/observability/steps.ts';
import type { StageConfig } from '../stage.ts';
import type { ServiceFunction } from './service-function.ts';

interface LogQueriesProps {
  readonly stage: StageConfig;
  readonly functions: readonly ServiceFunction[];
}

/** What is looked for again and again in the logs of all functions, saved in Logs Insights under the stage's name. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, { stage, functions }: LogQueriesProps) {
    super(scope, id);
    const save = (
      queryId: string,
      name: string,
      query: ConstructorParameters<typeof QueryString>[0],
      of: (fn: ServiceFunction) => boolean = () => true,
    ) =>
      new QueryDefinition(this, queryId, {
        queryDefinitionName: `quotaline-${stage.stage}/${name}`,
        queryString: new QueryString(query),
        logGroups: functions.filter(of).map(({ logs }) => logs),
      });
    const answers = `message = "${steps.requestDone}"`;

    // The id of a deal, order, goal, alert or event, or the correlation id of a request: every line bears those it is about.
    save('Way', 'way of one deal', {
      fields: [
        '@timestamp',
        'service',
        'message',
        'detailType',
        'subject',
        'outcome',
        'route',
        'status',
        'correlationId',
        '@message',
      ],
      filterStatements: ['@message like "put the id here"'],
      sort: '@timestamp asc',
      limit: 1000,
    });
    save('Errors', 'errors by service', {
      filterStatements: ['level = "ERROR" or @message like /Task timed out|Runtime exited/'],
      statsStatements: ['count(*) as lines, latest(@timestamp) as last by service, message, error.name'],
      sort: 'lines desc',
    });
    save('Slow', 'slowest requests', {
      fields: ['@timestamp', 'ms', 'route', 'status', 'subject', 'correlationId', '@log'],
      filterStatements: [answers],
      sort: 'ms desc',
      limit: 100,
    });
    save(
      'Webhooks',
      'refused webhooks',
      {
        filterStatements: [answers, 'status >= 400'],
        statsStatements: [
          'count(*) as refused, latest(@timestamp) as last by bin(5m), subject, status, reason',
        ],
        sort: 'last desc',
      },
      ({ unit }) => unit === 'deals-webhook',
    );
    save('ColdStarts', 'cold starts', {
      filterStatements: ['@type = "REPORT"', 'ispresent(@initDuration)'],
      statsStatements: [
        'count(*) as starts, avg(@initDuration) as mean, pct(@initDuration, 95) as p95, max(@initDuration) as longest by @log',
      ],
      sort: 'starts desc',
    });
  }
}
