import type { LocalClock } from '../clock.ts';
import type { Outcome } from '../function-pool.ts';
import type { Queues } from '../queues.ts';
import type { Stack } from '../stack.ts';
import { backlogs, iteratorAge, type StreamReader } from './backlogs.ts';
import { addEmbeddedMetrics } from './embedded-metrics.ts';
import { MailReputation } from './mail-reputation.ts';
import { countAnswer, countInvocation } from './service-metrics.ts';
import { Watch } from './watch.ts';

interface WatchedRun {
  readonly stack: Pick<Stack, 'alarms' | 'gateway'>;
  readonly clock: LocalClock;
  readonly queues: Queues;
  readonly streams: () => readonly StreamReader[];
  readonly warn: (text: string) => void;
}

/** The watch over a run, and what each part calls to tell it of itself. */
export const watchOf = ({ stack, clock, queues, streams, warn }: WatchedRun) => {
  const reputation = new MailReputation();
  const looks = [backlogs(queues, streams, clock), reputation.look];
  const watch = new Watch({
    alarms: stack.alarms,
    clock,
    warn,
    look: (store) => {
      const found = looks.map((look) => look(store));
      return (at) => {
        for (const writeDown of found) writeDown(at);
      };
    },
  });
  const { store } = watch;
  return {
    watch,
    observe: {
      invocation: (name: string, outcome: Outcome, ms: number) =>
        countInvocation(name, outcome, ms, store.record),
      metrics: (line: string) => addEmbeddedMetrics(line, store),
      answer: (status: number, ms: number) => countAnswer(stack.gateway.apiId, status, ms, store.record),
      sent: (configurationSet: string, recipients: readonly string[]) =>
        reputation.sent(configurationSet, recipients, store.record),
      /** `written` in seconds of the machine's time. */
      batch: (functionName: string, written: number) =>
        store.record(iteratorAge(functionName), Math.max(0, clock.now() - clock.localTimeOf(written * 1000))),
    },
  };
};
