import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TableSpec } from './stack-tables.ts';
import { NotRunLocally } from './not-run-locally.ts';

/** The engine wants to see a signature, and does not look into it. */
export const SIGNATURE: Readonly<Record<string, string>> = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

const READY_WITHIN_MS = 10_000;
/** More deaths than this within a minute is not an accident. */
const RESTARTS = 5;

/**
 * Ends the engine when the pipe from the runner closes, which the system does however the runner ends: no engine is left
 * behind on the file after a SIGKILL.
 */
const LEASH =
  'exec 3<&0; "$0" "$@" & child=$!; (cat <&3 >/dev/null; kill -9 "$child" 2>/dev/null) & wait "$child"';

const enginePath = (): string => {
  const platform = `${process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  const path = fileURLToPath(new URL(`../../node_modules/@dynoxide/${platform}/${binary}`, import.meta.url));
  if (!existsSync(path)) {
    throw new NotRunLocally(
      `@dynoxide/${platform} is not installed; it holds the tables: npm install --no-save @dynoxide/${platform}`,
    );
  }
  return path;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** The DynamoDB engine: one child process on one file, started again when it dies. */
export class TableEngine {
  readonly #file: string;
  readonly #port: number;
  readonly #warn: (text: string) => void;
  #child: ChildProcess | undefined;
  #deaths: readonly number[] = [];
  #stopping = false;

  private constructor(file: string, port: number, warn: (text: string) => void) {
    this.#file = file;
    this.#port = port;
    this.#warn = warn;
  }

  /** Starts the engine on `file` and waits until it answers. Throws when it does not. */
  static async start(file: string, warn: (text: string) => void): Promise<TableEngine> {
    const engine = new TableEngine(file, await freePort(), warn);
    engine.#spawn();
    await engine.#ready();
    return engine;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  /** Calls one operation of the DynamoDB API; answers its status and body. */
  async call(operation: string, input: unknown): Promise<{ readonly ok: boolean; readonly body: unknown }> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        ...SIGNATURE,
      },
      body: JSON.stringify(input),
    });
    return { ok: response.ok, body: await response.json() };
  }

  /** Makes the tables that are not there yet. Throws NotRunLocally when one is there with other indexes. */
  async create(tables: readonly TableSpec[]): Promise<void> {
    for (const { name, definition } of tables) {
      const existing = await this.call('DescribeTable', { TableName: name });
      if (existing.ok) {
        if (indexNames((existing.body as { Table?: unknown }).Table) !== indexNames(definition)) {
          throw new NotRunLocally(
            `table ${name} was made with other indexes than the stack has now; start with --fresh`,
          );
        }
        continue;
      }
      const created = await this.call('CreateTable', definition);
      if (!created.ok) throw new NotRunLocally(`table ${name}: ${JSON.stringify(created.body)}`);
    }
  }

  stop(): void {
    this.#stopping = true;
    this.#child?.stdin?.end();
  }

  #spawn(): void {
    const command = [
      enginePath(),
      'serve',
      '--host',
      '127.0.0.1',
      '--port',
      String(this.#port),
      '--db-path',
      this.#file,
    ];
    // A session of its own: Ctrl-C in the terminal is the runner's to handle, in order.
    const child = spawn('sh', ['-c', LEASH, ...command], {
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
    child.on('exit', () => {
      child.stdin.destroy();
      if (!this.#stopping) this.#revive(complaint.replace(/^Dynoxide listening.*\n/, '').trim());
    });
    child.stdin.on('error', () => undefined); // the engine is gone already; its exit says so
    this.#child = child;
  }

  #revive(complaint: string): void {
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < 60_000), now];
    if (this.#deaths.length > RESTARTS) throw new Error(`the table engine keeps ending: ${complaint}`);
    this.#warn(`the table engine ended (${complaint === '' ? 'no message' : complaint}); starting it again`);
    this.#spawn();
  }

  async #ready(): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS;
    while (Date.now() < until) {
      const answer = await fetch(this.url).catch(() => undefined);
      if (answer?.ok === true) return;
      await delay(20);
    }
    throw new Error(
      `the table engine did not answer on port ${String(this.#port)} within ${String(READY_WITHIN_MS / 1000)} s`,
    );
  }
}

const indexNames = (table: unknown): string => {
  const indexes =
    (table as { GlobalSecondaryIndexes?: readonly { IndexName: string }[] } | undefined)
      ?.GlobalSecondaryIndexes ?? [];
  return indexes
    .map(({ IndexName }) => IndexName)
    .sort()
    .join(' ');
};
