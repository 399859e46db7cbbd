/** What is told about a metric, wherever it is told: dashboards, alarms, the docs. */
interface MetricFacts {
  /** CloudWatch's. `None` is money, in major units of the currency that its dimension names. */
  readonly unit: 'Count' | 'Milliseconds' | 'None';
  /** Beside `service`, which every metric has. */
  readonly dimension?: 'currency';
  /** Values of `service` under which it comes; absent where any function may count it. */
  readonly services?: readonly string[];
  readonly meaning: string;
}

/** CloudWatch namespace of them all. */
export const METRIC_NAMESPACE = 'Quotaline';

/**
 * Every metric that functions write. A metric costs by name and dimension values, not by how often it is counted: so none
 * has a dimension of unbounded values such as a member, a goal or a route.
 */
export const metricTable = {
  ColdStarts: {
    unit: 'Count',
    meaning:
      'Execution environments that took their first event. The platform function counts as `platform`.',
  },
  EndToEndLag: {
    unit: 'Milliseconds',
    services: ['metrics', 'goals'],
    meaning:
      'From the first write of a chain until metrics has counted it (`metrics`), and until SES has taken the mail of an alert (`goals`). Once per counted deal or order, and per mail. A row of an import begins with its own write. Replayed events are left out.',
  },
  PublishedEvents: { unit: 'Count', meaning: 'Events that a relay brought onto the bus.' },
  CoalescedEvents: {
    unit: 'Count',
    meaning: 'Events that a relay left out, because a newer one of the same subject was in the same batch.',
  },
  ParkedRecords: {
    unit: 'Count',
    meaning: 'Events that can never be published and were kept in the bucket instead.',
  },
  InvalidMessages: { unit: 'Count', meaning: 'Messages that hold no event of their queue’s subscription.' },
  FailedMessages: { unit: 'Count', meaning: 'Messages given back to their queue, to be delivered again.' },
  BatchFallbacks: {
    unit: 'Count',
    meaning: 'Batches that could not be handled together and were taken apart.',
  },
  DuplicateEvents: {
    unit: 'Count',
    meaning: 'Events that a consumer dropped because it has the very same version, or has done the work.',
  },
  StaleEvents: {
    unit: 'Count',
    meaning: 'Events that a consumer dropped because it has a newer version of their subject.',
  },
  DealsWon: {
    unit: 'Count',
    services: ['metrics'],
    meaning: 'Deals that metrics counted as won and had not before. Gross: reopening takes none away.',
  },
  OrdersPaid: {
    unit: 'Count',
    services: ['metrics'],
    meaning: 'Orders that metrics counted as paid and had not before. Gross: refunds take none away.',
  },
  RevenueClosed: {
    unit: 'None',
    dimension: 'currency',
    services: ['metrics'],
    meaning:
      'What those deals and orders brought at that moment, in major units of the reporting currency. Gross: a pulse for dashboards; the KPI wonRevenue is the exact figure, with refunds, corrections and reopened deals. An order of a deal brings nothing beside it.',
  },
  MilestonesReached: {
    unit: 'Count',
    services: ['goals'],
    meaning: 'Milestones that goals passed and announced; several in one step count each.',
  },
  GoalsReached: {
    unit: 'Count',
    services: ['goals'],
    meaning: 'Goals that passed their milestone of 100 % and announced it; again after falling below it.',
  },
  MailsSent: { unit: 'Count', services: ['goals'], meaning: 'Mails that SES took.' },
  MailsFailed: { unit: 'Count', services: ['goals'], meaning: 'Mails that SES refused for good.' },
  WebhookRejected: {
    unit: 'Count',
    services: ['deals'],
    meaning: 'Webhooks whose signature did not hold, or of a store that there is not.',
  },
  WebhookDuplicates: {
    unit: 'Count',
    services: ['deals'],
    meaning: 'Webhooks that came again; platforms repeat them.',
  },
  UnreadableDeliveries: {
    unit: 'Count',
    services: ['deals'],
    meaning: 'Signed webhooks that could not be read; they are kept and can be processed again.',
  },
  SilentStores: {
    unit: 'Count',
    services: ['deals'],
    meaning: 'Stores that have sent nothing for longer than they are expected to; counted every hour.',
  },
  CanarySucceeded: {
    unit: 'Count',
    services: ['canary'],
    meaning: 'Turns of the canary whose deal showed in its metric in time.',
  },
  CanaryFailed: {
    unit: 'Count',
    services: ['canary'],
    meaning: 'Turns of the canary that ended otherwise; its log says why.',
  },
  CanaryLag: {
    unit: 'Milliseconds',
    services: ['canary'],
    meaning: 'From the canary’s win until the API showed it.',
  },
} as const satisfies Readonly<Record<string, MetricFacts>>;

export type MetricName = keyof typeof metricTable;

type NamesOf<Unit> = {
  [Name in MetricName]: (typeof metricTable)[Name] extends { readonly unit: Unit } ? Name : never;
}[MetricName];
export type CountName = NamesOf<'Count'>;
export type DurationName = NamesOf<'Milliseconds'>;
export type MoneyName = NamesOf<'None'>;
