import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { callWith, forgedTokenFor } from '../../support/http-calls.ts';
import type { BusEvent, DeadLetter, SentMail, System, SystemResponse } from '../../support/system.ts';
import { BusWatch } from './bus-watch.ts';
import { bootstrap, deploy, type StackOutputs } from './cdk.ts';
import { ACCOUNT, type EmulatorAddress } from './emulator.ts';
import { StackQueues } from './queues.ts';
import type { EmulatorForTests } from './setup.ts';
import { SignedIn } from './sign-in.ts';
import { StreamProgress } from './stream-progress.ts';
import { trustCertificate } from './trust-certificate.ts';

const MailList = z.object({
  messages: z.record(
    z.string(),
    z.array(
      z.object({
        Source: z.string(),
        To: z.array(z.string()),
        Subject: z.string(),
        BodyText: z.string(),
        BodyHtml: z.string(),
        Timestamp: z.number(),
      }),
    ),
  ),
});

const LOOK_EVERY_MS = 100;
/** Tokens of the stack live for 300 s. */
const TOKEN_RENEWED_AFTER_MS = 200_000;

/** Where the emulator serves every path of an API, given the address that it has on AWS. */
export const reachable = (emulator: EmulatorAddress, apiUrl: string): string => {
  const [apiId = ''] = new URL(apiUrl).hostname.split('.');
  return `${emulator.url}/_aws/execute-api/${apiId}`;
};

/** Forgets everything: stacks, data, functions and their workers. */
export const reset = async (emulator: EmulatorAddress): Promise<void> => {
  const answer = await fetch(`${emulator.url}/_ministack/reset`, { method: 'POST' });
  if (answer.status !== 200) throw new Error(`reset: ${answer.status} ${await answer.text()}`);
};

/** A stack that the CDK has deployed to the emulator, seen through its API and AWS's own. */
export class DeployedSystem implements System {
  readonly url: string;
  readonly outputs: StackOutputs;
  readonly #emulator: EmulatorAddress;
  readonly #signIn: SignedIn;
  readonly #watch: BusWatch;
  readonly #queues: StackQueues;
  readonly #streams: StreamProgress;
  #token: { readonly value: string; readonly until: number } | undefined;

  private constructor(
    emulator: EmulatorAddress,
    stack: string,
    outputs: StackOutputs,
    watch: BusWatch,
    logPosition: number,
  ) {
    this.#emulator = emulator;
    this.outputs = outputs;
    this.url = reachable(emulator, outputs.ApiUrl ?? '');
    this.#signIn = new SignedIn(emulator, { outputs });
    this.#watch = watch;
    this.#queues = new StackQueues(emulator, stack);
    const tables = ['team', 'deals', 'metrics', 'goals'].map((service) => `${stack}-${service}`);
    this.#streams = new StreamProgress(emulator, tables, logPosition);
  }

  /** Deploys a stack that does not exist yet. */
  static async deploy(emulator: EmulatorAddress, assembly: string, stack: string): Promise<DeployedSystem> {
    const logPosition = statSync(emulator.logFile).size;
    const { outputs } = await deploy(emulator, assembly, stack);
    const watch = await BusWatch.start(emulator, outputs.BusName ?? '');
    return new DeployedSystem(emulator, stack, outputs, watch, logPosition);
  }

  async token(): Promise<string> {
    if (this.#token === undefined || this.#token.until < performance.now()) {
      const until = performance.now() + TOKEN_RENEWED_AFTER_MS;
      this.#token = { value: await this.#signIn.operations(), until };
    }
    return this.#token.value;
  }

  memberToken(email: string): Promise<string> {
    return this.#signIn.person(email);
  }

  forgedToken(): Promise<string> {
    return forgedTokenFor(this.#signIn.operationsId);
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<SystemResponse> {
    return callWith(await this.token(), method, this.url + path, body, headers);
  }

  async mail(): Promise<readonly SentMail[]> {
    const response = await fetch(`${this.#emulator.url}/_ministack/ses/messages`);
    const { messages } = MailList.parse(await response.json());
    return (messages[ACCOUNT] ?? []).map((mail) => ({
      at: new Date(mail.Timestamp * 1000).toISOString(),
      from: mail.Source,
      to: mail.To,
      subject: mail.Subject,
      text: mail.BodyText,
      html: mail.BodyHtml,
    }));
  }

  deadLetters(): Promise<readonly DeadLetter[]> {
    return this.#queues.deadLetters();
  }

  /**
   * Work goes from a request or a queue into a table, from there into the stream, from there into queues, and leaves
   * each place only after it has come to the next. So when all that was written is relayed, then no queue holds
   * anything, and then nothing more was written, there is none.
   */
  async idle(timeout = 60): Promise<void> {
    const until = performance.now() + timeout * 1000;
    for (;;) {
      const before = await this.#streams.look();
      const queues = await this.#queues.work();
      const after = await this.#streams.look();
      const busy = [
        ...[...queues].filter(([, count]) => count > 0).map(([name, count]) => `${name}: ${count} messages`),
        ...[...before]
          .filter(
            ([table, then]) => then.handled < then.written || after.get(table)?.written !== then.written,
          )
          .map(([table, { written, handled }]) => `${table}: ${handled} of ${written} writes relayed`),
      ];
      if (busy.length === 0) return;
      if (performance.now() > until) throw new Error(`still busy after ${timeout} s: ${busy.join('; ')}`);
      await delay(LOOK_EVERY_MS);
    }
  }

  events(events: readonly BusEvent[]): Promise<void> {
    return this.#watch.put(events);
  }

  lastEvent(detailType: string): Promise<unknown> {
    return this.#watch.newest(detailType);
  }

  /** Leaves the stack alone, and nothing beside it. */
  async stopWatching(): Promise<void> {
    await this.#watch.stop();
  }

  async stop(): Promise<void> {
    await reset(this.#emulator);
  }
}

/** Leaves nothing of what was before in the emulator, and prepares it for the CDK. */
export const startAfresh = async (emulator: EmulatorAddress): Promise<void> => {
  trustCertificate(emulator.certificateFile);
  await reset(emulator);
  await bootstrap(emulator);
};

/** The stage dev, deployed by the CDK to an emulator that has forgotten everything before. */
export const deploySystem = async (emulator: EmulatorForTests): Promise<DeployedSystem> => {
  await startAfresh(emulator);
  return DeployedSystem.deploy(emulator, emulator.assembly, 'quotaline-dev');
};
