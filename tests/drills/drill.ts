import * as z from 'zod';
import { eventually } from '../support/eventually.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { spawnOps } from '../support/spawned-ops.ts';
import { runbookCommand } from './runbook-command.ts';
import { practiceOf } from './which-drill.ts';

const AlarmList = z.object({ items: z.array(z.object({ name: z.string(), state: z.string() })) });
const Raised = z.array(z.object({ name: z.string(), runbook: z.string() }));
const EventList = z.object({
  items: z.array(z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() })),
});
const Work = z.object({ messages: z.number().optional(), invocations: z.number().optional() });
const ClockAnswer = z.object({ now: z.iso.datetime() });

const MINUTE_MS = 60_000;
/** So that what comes next falls into one and the same minute. */
const JUST_AFTER_MS = 100;

type Fault =
  | { readonly function: string; readonly fault: 'error' | 'throttle' | null }
  | { readonly mail: 'reject' | 'throttle' | null };

/** A local run with an operator before it: causes trouble, looks at alarms, and follows runbooks. */
export class Drill {
  readonly run: LocalRun;

  private constructor(run: LocalRun) {
    this.run = run;
  }

  static async start(flags: readonly string[] = []): Promise<Drill> {
    return new Drill(await startLocalRun(flags));
  }

  /** The alarms that this drill has to raise, without the stage’s prefix. */
  async alarms(name: string): Promise<readonly string[]> {
    const { items } = AlarmList.parse(await (await fetch(`${this.run.url}/_local/alarms`)).json());
    return items
      .map((item) => item.name)
      .filter((alarm) => {
        const practice = practiceOf(alarm);
        return practice !== undefined && 'drill' in practice && practice.drill === name;
      })
      .map((alarm) => alarm.replace(/^quotaline-dev-/, ''))
      .sort();
  }

  /** The alarms that `npm run ops -- alarms` shows, without the stage’s prefix. */
  async raised(): Promise<readonly string[]> {
    return Raised.parse(JSON.parse(await this.json('alarms')))
      .map(({ name }) => name)
      .sort();
  }

  /** Where the runbook of a raised alarm lies: the last part of its link. */
  async runbooks(): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(
      Raised.parse(JSON.parse(await this.json('alarms'))).map(({ name, runbook }) => [
        name,
        runbook.split('/').at(-1) ?? '',
      ]),
    );
  }

  /**
   * Runs the command that stands in the runbook, such as `dead-letters redrive`, with its placeholders filled in. Answers what it
   * printed; throws when the runbook has no such command, or when it ends with another exit code.
   */
  async follow(
    runbook: string,
    command: string,
    values: Readonly<Record<string, string>> = {},
    expected = 0,
  ): Promise<string> {
    const args = await runbookCommand(runbook, command, values);
    const { code, out, err } = await spawnOps([...args, '--local', this.run.url]);
    if (code !== expected)
      throw new Error(
        `${args.join(' ')} ended with ${String(code)}, not ${String(expected)}: ${err}\n${out}`,
      );
    return out;
  }

  async fault(body: Fault): Promise<void> {
    const response = await fetch(`${this.run.url}/_local/faults`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(await response.text());
  }

  /** Lets time pass until just after the begin of a minute: that many minutes end, and are evaluated. */
  async minutes(count: number): Promise<void> {
    const { now } = ClockAnswer.parse(await (await fetch(`${this.run.url}/_local/clock`)).json());
    const begin = Math.floor(Date.parse(now) / MINUTE_MS) * MINUTE_MS;
    await this.run.clock(new Date(begin + count * MINUTE_MS + JUST_AFTER_MS).toISOString());
  }

  /** What a command prints with `--json`. */
  async json(command: string): Promise<string> {
    const { code, out, err } = await spawnOps([...command.split(' '), '--json', '--local', this.run.url]);
    if (code !== 0) throw new Error(`ops ${command} ended with ${String(code)}: ${err}`);
    return out;
  }

  /** Puts the newest event of every type on the bus again. */
  async repeatEvents(): Promise<void> {
    const { items } = EventList.parse(await (await fetch(`${this.run.url}/_local/events`)).json());
    await this.run.events(
      items.map(({ source, detail, 'detail-type': detailType }) => ({ source, detailType, detail })),
    );
  }

  /** Waits until no message waits any more, whatever else does. */
  async untilQueuesAreEmpty(): Promise<void> {
    await eventually('empty queues', 60_000, async () => {
      const idle = await fetch(`${this.run.url}/_local/idle?timeout=1`);
      const { messages = 0, invocations = 0 } = Work.parse(await idle.json());
      return messages === 0 && invocations === 0 ? true : undefined;
    });
  }
}
