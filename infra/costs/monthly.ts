import type { Measured, PerDeal } from './measured.ts';
import { prices, type PriceName } from './prices.ts';

/** What of the stack costs something whether or not anything is sold. */
export interface StackFacts {
  /** In MB, by the function's name without stage. */
  readonly memory: Readonly<Record<string, number>>;
  readonly alarmMetrics: number;
  readonly dashboards: number;
  readonly queues: number;
  readonly systemClients: number;
  readonly customMetrics: number;
  readonly canaryRunsPerMonth: number;
  readonly archiveDays: number;
}

/** How an organization of this size behaves: what is not measured, and may be set right for one's own. */
export interface Assumptions {
  readonly dealsPerYear: number;
  /** Reports and lists that people look at, per deal. */
  readonly readsPerDeal: number;
  readonly people: number;
  readonly mailsPerPersonAndMonth: number;
  readonly stores: number;
  /** How many years of deals lie in the tables. */
  readonly yearsKept: number;
  /** Round trip to DynamoDB beyond the measured one, which was on the same machine. */
  readonly latencyMs: number;
}

/** Of a year, in which deals come in: 250 days of 8 hours. */
const BUSY_SECONDS = 250 * 8 * 3600;
const SECONDS_PER_MONTH = (365 / 12) * 24 * 3600;
const GB = 1e9;
/** How long queues wait for a batch to fill. */
const WINDOW_SECONDS = 1;
/** START, END and REPORT, which Lambda writes itself. */
const PLATFORM_LOG_BYTES = 300;
/** Lambda asks an empty queue with five pollers, each waiting twenty seconds. */
const POLLS_PER_QUEUE_AND_MONTH = (5 * SECONDS_PER_MONTH) / 20;
/** A queue hands out and deletes at most ten messages a request. */
const MESSAGES_PER_REQUEST = 10;
/** X-Ray's own rule: the first of each second, and one in twenty of the others. */
const SAMPLED = 0.05;

export const assumed = (dealsPerYear: number): Assumptions => ({
  dealsPerYear,
  readsPerDeal: 10,
  people: Math.max(10, Math.round(dealsPerYear / 1000)),
  mailsPerPersonAndMonth: 8,
  stores: Math.min(10, Math.max(1, Math.round(dealsPerYear / 100_000))),
  yearsKept: 3,
  latencyMs: 3,
});

/** The measurement that fits: how many deals go through together when this many come in a year. */
export const fitting = (deals: readonly PerDeal[], dealsPerYear: number): PerDeal => {
  const together = Math.max(1, (dealsPerYear / BUSY_SECONDS) * WINDOW_SECONDS);
  const [first, ...rest] = deals.toSorted((a, b) => a.together - b.together);
  if (first === undefined) throw new RangeError('Nothing was measured.');
  return rest.filter((each) => each.together <= together).at(-1) ?? first;
};

const sum = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((all, value) => all + value, 0);

/** Memory weighted by where the time goes, in GB. */
const weightedMemory = ({ milliseconds }: PerDeal, memory: StackFacts['memory']): number => {
  const weighted = Object.entries(milliseconds).map(([name, ms]) => {
    const megabytes = memory[name];
    if (megabytes === undefined) throw new RangeError(`${name} was measured, and is not in the stack.`);
    return (ms * megabytes) / 1024;
  });
  return weighted.reduce((all, value) => all + value, 0) / sum(milliseconds);
};

/** How much of each priced thing a month takes. */
export const quantities = (
  { deals, read, storedBytes }: Measured,
  stack: StackFacts,
  given: Assumptions,
): Readonly<Record<PriceName, number>> => {
  const perDeal = fitting(deals, given.dealsPerYear);
  const monthly = given.dealsPerYear / 12;
  const reads = monthly * given.readsPerDeal;
  const invocations = monthly * sum(perDeal.invocations) + reads + stack.canaryRunsPerMonth;
  const milliseconds =
    monthly * (sum(perDeal.milliseconds) + perDeal.dynamoDbCalls * given.latencyMs) +
    reads * (read.milliseconds + given.latencyMs);
  const stored = (given.dealsPerYear * given.yearsKept * storedBytes) / GB;
  const eventBytes = monthly * perDeal.eventBytes;
  const receives = Math.ceil(perDeal.messages / Math.max(1, perDeal.batches) / MESSAGES_PER_REQUEST);
  const logBytes = monthly * perDeal.logBytes + reads * read.logBytes + invocations * PLATFORM_LOG_BYTES;
  return {
    writeUnit: monthly * perDeal.writeUnits,
    readUnit: monthly * perDeal.readUnits + reads * read.readUnits,
    tableStorage: stored,
    // Of the table alone: its two indexes hold everything a second and a third time.
    tableBackup: stored / 3,
    invocation: invocations,
    gigabyteSecond: (milliseconds / 1000) * weightedMemory(perDeal, stack.memory),
    apiRequest: monthly * perDeal.apiRequests + reads,
    event: monthly * perDeal.events,
    archived: eventBytes / GB,
    archiveStorage: (eventBytes * (stack.archiveDays / 30)) / GB,
    queueRequest:
      monthly * (perDeal.messages + perDeal.batches * 2 * receives) +
      stack.queues * POLLS_PER_QUEUE_AND_MONTH,
    mail: given.people * given.mailsPerPersonAndMonth,
    logIngested: logBytes / GB,
    logStorage: (logBytes * 12) / GB,
    customMetric: stack.customMetrics,
    alarmMetric: stack.alarmMetrics,
    dashboard: stack.dashboards,
    trace: Math.min(invocations, SECONDS_PER_MONTH + SAMPLED * invocations),
    person: given.people,
    systemClient: stack.systemClients,
    systemToken: stack.canaryRunsPerMonth,
    secret: given.stores,
  };
};

/** What people call it on the bill, and what belongs to it. */
export const LINES: readonly { readonly name: string; readonly of: readonly PriceName[] }[] = [
  { name: 'DynamoDB: writes', of: ['writeUnit'] },
  { name: 'DynamoDB: reads', of: ['readUnit'] },
  { name: 'DynamoDB: storage and backup', of: ['tableStorage', 'tableBackup'] },
  { name: 'Lambda', of: ['invocation', 'gigabyteSecond'] },
  { name: 'API Gateway', of: ['apiRequest'] },
  { name: 'EventBridge, with its archive', of: ['event', 'archived', 'archiveStorage'] },
  { name: 'SQS', of: ['queueRequest'] },
  { name: 'SES', of: ['mail'] },
  { name: 'CloudWatch: logs', of: ['logIngested', 'logStorage'] },
  { name: 'CloudWatch: metrics, alarms, dashboards', of: ['customMetric', 'alarmMetric', 'dashboard'] },
  { name: 'X-Ray', of: ['trace'] },
  { name: 'Cognito', of: ['person', 'systemClient', 'systemToken'] },
  { name: 'Secrets Manager', of: ['secret'] },
];

/** US dollars a month by line. */
export const monthlyCosts = (
  amounts: Readonly<Record<PriceName, number>>,
): readonly { readonly name: string; readonly dollars: number }[] =>
  LINES.map(({ name, of }) => ({
    name,
    dollars: of.reduce((all, price) => all + amounts[price] * prices[price].dollars, 0),
  }));
