import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';

export const Mail = z.object({
  at: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
});
export type Mail = z.infer<typeof Mail>;

const Token = z.object({ access_token: z.string() });
const PATIENCE_MS = 30_000;

/** What any caller of the HTTP interface needs, and the local run's own routes. Fails on every answer but a 2xx. */
export class DemoClient {
  readonly #url: string;
  #token: string | undefined;
  /** How many requests were answered. */
  requests = 0;

  constructor(url: string) {
    this.#url = url;
  }

  async #authorization(): Promise<string> {
    if (this.#token === undefined) {
      const response = await fetch(`${this.#url}/oauth2/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'local-admin',
          client_secret: 'local-admin',
        }),
      });
      this.#token = Token.parse(await response.json()).access_token;
    }
    return `Bearer ${this.#token}`;
  }

  async send(
    path: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    method = 'POST',
  ): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      ...(method !== 'GET' && { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${text}`);
    this.requests += 1;
    return text === '' ? undefined : JSON.parse(text);
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { authorization: await this.#authorization(), 'content-type': 'application/json' };
    return this.send(path, JSON.stringify(body), headers, method);
  }

  get = (path: string) => this.#call('GET', path);
  post = (path: string, body: object) => this.#call('POST', path, body);
  put = (path: string, body: object) => this.#call('PUT', path, body);

  async mails(): Promise<readonly Mail[]> {
    return z.object({ items: z.array(Mail) }).parse(await this.get('/_local/mail')).items;
  }

  /** Until every stream, queue and retry is drained. */
  idle = () => this.get('/_local/idle?timeout=30');

  async moveClock(now: string): Promise<void> {
    await this.post('/_local/clock', { now });
    // Tokens live an hour, and the clock has just left it behind.
    this.#token = undefined;
  }

  async eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (performance.now() > until)
        throw new Error(`${what} did not end within ${String(PATIENCE_MS / 1000)} s`);
      await delay(100);
    }
  }
}
