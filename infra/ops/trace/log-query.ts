import { GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Window } from '../replay/window.ts';
import { Failed } from '../refusals.ts';
import type { Target } from '../target.ts';

/** A line of a function’s log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `deals-api` */
  readonly unit: string;
  readonly message: string;
}

/** What Logs Insights gives at most. */
const MOST_LINES = 10_000;
const LOOK_EVERY_MS = 500;
const RUNNING = new Set(['Scheduled', 'Running', 'Unknown']);

/** `2026-11-24 00:57:40.767`, in UTC. */
const timeOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/**
 * The lines of all functions’ logs in which any of these ids stands, oldest first. Ids must be free of quotes. Throws
 * Failed when the query fails, or somebody stops waiting.
 */
export const linesWith = async (
  { aws: { logs }, names }: Target,
  ids: readonly string[],
  { from, to }: Window,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly LogLine[]; readonly areAll: boolean }> => {
  const mentions = ids.map((id) => `@message like "${id}"`).join(' or ');
  const { queryId } = await logs.send(
    new StartQueryCommand({
      logGroupNames: names.functions.map(({ name }) => `/aws/lambda/${name}`),
      startTime: Math.floor(from / 1000),
      endTime: Math.ceil(to / 1000),
      queryString: `fields @timestamp, @log, @message | filter ${mentions} | sort @timestamp asc | limit ${MOST_LINES}`,
    }),
  );
  for (;;) {
    const { status = 'Unknown', results = [] } = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      const lines = results.map((fields): LogLine => {
        const value = (name: string) => fields.find(({ field }) => field === name)?.value ?? '';
        const log = value('@log');
        const group = log.slice(log.lastIndexOf('/') + 1);
        return {
          at: timeOf(value('@timestamp')),
          unit: group.startsWith(`${names.prefix}-`) ? group.slice(names.prefix.length + 1) : group,
          message: value('@message'),
        };
      });
      return { lines, areAll: lines.length < MOST_LINES };
    }
    if (!RUNNING.has(status))
      throw new Failed(`The query of the logs ended as ${status}: take a shorter window.`);
    if (signal.aborted) {
      await logs.send(new StopQueryCommand({ queryId }));
      throw new Failed('Stopped: the query of the logs was ended as well.');
    }
    await delay(LOOK_EVERY_MS);
  }
};
