import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { functionLog } from '../function-log.ts';
import { nameIn } from '../local-names.ts';
import { MalformedQuery, parseLogQuery, valueOf, type LogLine, type LogQuery } from '../log-query.ts';
import type { Stack } from '../stack.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';

const Start = z.object({
  logGroupName: z.string().optional(),
  logGroupNames: z.array(z.string()).default([]),
  logGroupIdentifiers: z.array(z.string()).default([]),
  /** Seconds since the epoch. */
  startTime: z.number(),
  endTime: z.number(),
  queryString: z.string(),
  limit: z.int().min(1).max(10_000).optional(),
});
type Start = z.infer<typeof Start>;
const OfQuery = z.object({ queryId: z.string() });
const Groups = z.object({
  logGroupNamePrefix: z.string().default(''),
  logGroupNamePattern: z.string().default(''),
});

/** Answers of this many queries are kept. */
const KEPT = 50;

interface RunningQuery {
  status: 'Running' | 'Complete' | 'Cancelled' | 'Failed';
  results: readonly (readonly { readonly field: string; readonly value: string }[])[];
  matched: number;
  scanned: number;
}

const parsed = (text: string): LogQuery => {
  try {
    return parseLogQuery(text);
  } catch (error) {
    if (error instanceof MalformedQuery) throw new AwsError('MalformedQueryException', error.message);
    throw error;
  }
};

/** CloudWatch Logs over functions.log of the data folder: the groups, and queries of the simple form. */
export class Logs {
  readonly #folder: string;
  readonly #groups: ReadonlySet<string>;
  readonly #groupOf: ReadonlyMap<string, string>;
  readonly #queries = new Map<string, RunningQuery>();

  constructor({ functions }: Pick<Stack, 'functions'>, folder: string) {
    this.#folder = folder;
    this.#groupOf = new Map(functions.map(({ label, name }) => [label, `/aws/lambda/${name}`]));
    this.#groups = new Set(this.#groupOf.values());
  }

  /** Runs one operation of the API. Throws AwsError. */
  readonly call = (operation: string, input: unknown): unknown => {
    switch (operation) {
      case 'DescribeLogGroups':
        return this.#described(Groups.parse(input));
      case 'StartQuery':
        return { queryId: this.#start(Start.parse(input)) };
      case 'GetQueryResults': {
        const { status, results, matched, scanned } = this.#query(OfQuery.parse(input).queryId);
        return { status, results, statistics: { recordsMatched: matched, recordsScanned: scanned } };
      }
      case 'StopQuery': {
        const query = this.#query(OfQuery.parse(input).queryId);
        const success = query.status === 'Running';
        if (success) query.status = 'Cancelled';
        return { success };
      }
      default:
        throw noSuchOperation('CloudWatch Logs', operation);
    }
  };

  #described({ logGroupNamePrefix, logGroupNamePattern }: z.infer<typeof Groups>) {
    return {
      logGroups: [...this.#groups]
        .filter((name) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
        .toSorted()
        .map((logGroupName) => ({ logGroupName })),
    };
  }

  #query(id: string): RunningQuery {
    const found = this.#queries.get(id);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `There is no query ${id}.`);
    return found;
  }

  #start(input: Start): string {
    const { startTime, endTime, queryString, limit } = input;
    const asked = [
      ...(input.logGroupName === undefined ? [] : [input.logGroupName]),
      ...input.logGroupNames,
      ...input.logGroupIdentifiers.map((name) => `/aws/lambda/${nameIn(name.replace(/:\*$/, ''))}`),
    ];
    if (asked.length === 0) throw new AwsError('InvalidParameterException', 'Name at least one log group.');
    const missing = asked.find((name) => !this.#groups.has(name));
    if (missing !== undefined)
      throw new AwsError('ResourceNotFoundException', `Log group '${missing}' does not exist.`);
    if (startTime > endTime)
      throw new AwsError('InvalidParameterException', 'startTime must not be after endTime.');
    const query = parsed(queryString);
    const running: RunningQuery = { status: 'Running', results: [], matched: 0, scanned: 0 };
    const id = randomUUID();
    this.#queries.set(id, running);
    for (const old of [...this.#queries.keys()].slice(0, -KEPT)) this.#queries.delete(old);
    const wanted = new Set(asked);
    const isWanted = (line: LogLine) =>
      wanted.has(line.group) && line.timestamp >= startTime * 1000 && line.timestamp < endTime * 1000 + 1000;
    this.#carryOut(running, { ...query, limit: Math.min(limit ?? query.limit, query.limit) }, isWanted).catch(
      () => {
        running.status = 'Failed';
      },
    );
    return id;
  }

  async #carryOut(
    running: RunningQuery,
    { fields, matches, newestFirst, limit }: LogQuery,
    isWanted: (line: LogLine) => boolean,
  ): Promise<void> {
    const found: LogLine[] = [];
    for await (const line of functionLog(this.#folder, (label) => this.#groupOf.get(label))) {
      if (running.status !== 'Running') return;
      if (!isWanted(line)) continue;
      running.scanned += 1;
      if (matches(line)) found.push(line);
    }
    running.matched = found.length;
    const sorted = found.toSorted((a, b) =>
      newestFirst ? b.timestamp - a.timestamp : a.timestamp - b.timestamp,
    );
    running.results = sorted.slice(0, limit).map((line) =>
      fields.flatMap((field) => {
        const value = valueOf(line, field);
        return value === undefined ? [] : [{ field, value }];
      }),
    );
    running.status = 'Complete';
  }
}
