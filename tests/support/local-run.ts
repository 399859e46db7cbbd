import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { spawnRunner, type RunnerProcess } from '../../infra/local/spawn-runner.ts';
import { callWith, forgedTokenFor, parsed } from './http-calls.ts';
import type { BusEvent, DeadLetter, SentMail, System, SystemResponse } from './system.ts';

const MailList = z.object({
  items: z.array(
    z.object({
      at: z.string(),
      from: z.string(),
      to: z.array(z.string()),
      subject: z.string(),
      text: z.string(),
      html: z.string(),
    }),
  ),
});

const DeadLetterList = z.object({
  items: z.array(
    z.object({ queue: z.string(), messageId: z.string(), receiveCount: z.number(), body: z.unknown() }),
  ),
});

const EventList = z.object({
  items: z.array(z.looseObject({ 'detail-type': z.string(), detail: z.unknown() })),
});
const Token = z.object({ access_token: z.string() });

/** The whole system in a process of its own, on fresh data, as a test uses it: over HTTP only. */
export class LocalRun implements System {
  readonly #folder: string;
  #flags: readonly string[];
  #process: RunnerProcess;
  #adminToken: string | undefined;

  constructor(folder: string, flags: readonly string[], process: RunnerProcess) {
    this.#folder = folder;
    this.#flags = flags;
    this.#process = process;
  }

  get url(): string {
    return this.#process.url;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** What the runner has written, for messages of failed tests. */
  output(): string {
    return this.#process.output();
  }

  /** What all functions have written so far, each line with its function before it: `[deals-api] {"level":…}`. */
  async functionsLog(): Promise<string> {
    return readFile(join(this.#folder, 'functions.log'), 'utf8');
  }

  async token(): Promise<string> {
    this.#adminToken ??= await this.#signIn({
      grant_type: 'client_credentials',
      client_id: 'local-admin',
      client_secret: 'local-admin',
    });
    return this.#adminToken;
  }

  /** A token of a system that has these scopes and no others. */
  async clientToken(scopes: readonly string[]): Promise<string> {
    return this.#signIn({
      grant_type: 'client_credentials',
      client_id: 'local-admin',
      client_secret: 'local-admin',
      scope: scopes.join(' '),
    });
  }

  async memberToken(email: string): Promise<string> {
    return this.#signIn({ grant_type: 'password', username: email });
  }

  async forgedToken(): Promise<string> {
    return forgedTokenFor('local-admin');
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
    return MailList.parse(await this.#local('mail')).items;
  }

  async deadLetters(): Promise<readonly DeadLetter[]> {
    return DeadLetterList.parse(await this.#local('dead-letters')).items;
  }

  async idle(timeout = 60): Promise<void> {
    const response = await fetch(`${this.url}/_local/idle?timeout=${String(timeout)}`);
    const work = await response.text();
    if (response.status !== 200)
      throw new Error(`still busy after ${String(timeout)} s: ${work}\n${this.output().slice(-2000)}`);
  }

  /** Moves the time that functions see forward, to an RFC 3339 instant. Earlier tokens may expire by it. */
  async clock(now: string): Promise<void> {
    const response = await this.#post('clock', { now });
    if (response.status !== 200) throw new Error(`clock: ${JSON.stringify(response.body)}`);
    this.#adminToken = undefined;
  }

  async events(events: readonly BusEvent[]): Promise<void> {
    const response = await this.#post('events', events);
    if (response.status !== 200) throw new Error(`events: ${JSON.stringify(response.body)}`);
  }

  async lastEvent(detailType: string): Promise<unknown> {
    const { items } = EventList.parse(await this.#local('events'));
    const event = items.find((item) => item['detail-type'] === detailType);
    if (event === undefined) throw new Error(`no ${detailType} was on the bus`);
    return event.detail;
  }

  /** Kills the run without warning; `restart` starts it again on the same data. */
  async kill9(): Promise<void> {
    await this.#process.kill();
  }

  /** On the same data, with other flags where they are given: a deployment of other settings. */
  async restart(flags: readonly string[] = this.#flags): Promise<void> {
    await this.#process.stop();
    this.#flags = flags;
    this.#process = await spawnRunner({ dataFolder: this.#folder, flags: this.#flags });
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #signIn(form: Readonly<Record<string, string>>): Promise<string> {
    const response = await fetch(`${this.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const answer = await response.text();
    if (response.status !== 200) throw new Error(`no token: ${String(response.status)} ${answer}`);
    return Token.parse(parsed(answer)).access_token;
  }

  async #local(name: string): Promise<unknown> {
    return (await fetch(`${this.url}/_local/${name}`)).json();
  }

  async #post(name: string, body: unknown): Promise<SystemResponse> {
    const response = await fetch(`${this.url}/_local/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
  }
}

/**
 * Starts the real `start.ts` on a free port and an empty data folder. `project` is another tree of the project whose run it is; a
 * restart is always this one's.
 */
export const startLocalRun = async (flags: readonly string[] = [], project?: string): Promise<LocalRun> => {
  const folder = await mkdtemp(join(tmpdir(), 'quotaline-'));
  const process = await spawnRunner({ dataFolder: folder, flags, ...(project !== undefined && { project }) });
  return new LocalRun(folder, flags, process);
};
