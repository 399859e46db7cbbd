/**
 * List prices of us-east-1 in US dollars, without free tiers and discounts, as AWS's pricing pages gave them in
 * February 2026. Other regions cost up to a quarter more. Check them against the pages before a decision hangs on it.
 */
export const PRICES_OF = '2026-02';

interface Price {
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

export const prices = {
  writeUnit: {
    dollars: 0.625e-6,
    per: 'write request unit, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  readUnit: {
    dollars: 0.125e-6,
    per: 'read request unit, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  tableStorage: {
    dollars: 0.25,
    per: 'GB and month',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  tableBackup: {
    dollars: 0.2,
    per: 'GB and month of point-in-time recovery',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  invocation: { dollars: 0.2e-6, per: 'invocation', source: 'https://aws.amazon.com/lambda/pricing/' },
  gigabyteSecond: {
    dollars: 0.000_013_333_4,
    per: 'GB-second on arm64',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  apiRequest: {
    dollars: 1e-6,
    per: 'request of an HTTP API',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  event: {
    dollars: 1e-6,
    per: 'custom event of up to 64 KB',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  archived: {
    dollars: 0.1,
    per: 'GB taken into an archive',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  archiveStorage: {
    dollars: 0.023,
    per: 'GB and month in an archive',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  queueRequest: {
    dollars: 0.4e-6,
    per: 'request of a standard queue',
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  mail: { dollars: 0.1e-3, per: 'mail', source: 'https://aws.amazon.com/ses/pricing/' },
  logIngested: {
    dollars: 0.5,
    per: 'GB of logs taken in',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  logStorage: {
    dollars: 0.03,
    per: 'GB and month of logs',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  customMetric: {
    dollars: 0.3,
    per: 'metric and month',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  alarmMetric: {
    dollars: 0.1,
    per: 'metric of an alarm and month',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboard: { dollars: 3, per: 'dashboard and month', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  trace: { dollars: 5e-6, per: 'recorded trace', source: 'https://aws.amazon.com/xray/pricing/' },
  person: {
    dollars: 0.015,
    per: 'person who signs in in a month (Essentials)',
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
  systemClient: {
    dollars: 6,
    per: 'system’s client and month',
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
  systemToken: {
    dollars: 0.002_25,
    per: 'token of a system',
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
  secret: {
    dollars: 0.4,
    per: 'secret and month',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;
