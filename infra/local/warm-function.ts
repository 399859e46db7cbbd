import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerSetup } from './function-protocol.ts';

/** How an invocation ended; a failure is an answer here, not an exception: whoever invoked decides about retrying. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string };

export interface WarmFunctionOptions {
  readonly setup: WorkerSetup;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly onMetrics: (line: string) => void;
}

/** Lambda gives the code outside the handler ten seconds as well. */
const INIT_TIMEOUT_MS = 10_000;
/**
 * Limits per worker. A small young generation costs a little speed and keeps a dozen workers within a few hundred
 * megabytes, which V8's defaults would not; an import of the largest CSV fits in the old one.
 */
const LIMITS = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 96, stackSizeMb: 4 };

const entry = new URL('./function-worker.ts', import.meta.url);

/** One execution environment: a worker thread with the function loaded, taking one invocation at a time. */
export class WarmFunction {
  readonly #worker: Worker;
  readonly #timeoutMs: number;
  readonly #onMetrics: (line: string) => void;
  #pending: { readonly message: ToWorker; readonly resolve: (outcome: Outcome) => void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ready = false;
  #death: Outcome | undefined;
  /** Machine time of the last invocation's end. */
  idleSince = Date.now();

  constructor({ setup, environment, timeoutSeconds, onMetrics }: WarmFunctionOptions) {
    this.#timeoutMs = timeoutSeconds * 1000;
    this.#onMetrics = onMetrics;
    this.#worker = new Worker(entry, {
      workerData: setup,
      env: { ...environment },
      resourceLimits: LIMITS,
      name: setup.label,
    });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error: Error) => this.#die(error.name, error.message));
    this.#worker.on('exit', (code) =>
      this.#die('Runtime.ExitError', `the function exited with code ${String(code)}`),
    );
  }

  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  get isDead(): boolean {
    return this.#death !== undefined;
  }

  /** Runs one invocation; `event` is JSON. The worker is not to be busy. */
  run(event: string): Promise<Outcome> {
    if (this.#death !== undefined) return Promise.resolve(this.#death);
    return new Promise((resolve) => {
      const started = Date.now();
      const allowed = this.#timeoutMs + (this.#ready ? 0 : INIT_TIMEOUT_MS);
      this.#pending = {
        message: { requestId: randomUUID(), event, deadline: started + this.#timeoutMs },
        resolve,
      };
      this.#timer = setTimeout(() => {
        this.#die('Sandbox.Timedout', `Task timed out after ${(this.#timeoutMs / 1000).toFixed(2)} seconds`);
        void this.#worker.terminate();
      }, allowed);
      if (this.#ready) this.#worker.postMessage(this.#pending.message);
    });
  }

  async terminate(): Promise<void> {
    this.#die('Runtime.Stopped', 'the local run is stopping');
    await this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      if (this.#pending !== undefined) this.#worker.postMessage(this.#pending.message);
    } else if (message.kind === 'metrics') {
      this.#onMetrics(message.line);
    } else if (message.kind === 'done') {
      this.#settle({ kind: 'done', result: JSON.parse(message.result) as unknown });
    } else if (this.#ready) this.#settle(message);
    else this.#die(message.type, message.message);
  }

  #settle(outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.idleSince = Date.now();
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(outcome);
  }

  #die(type: string, message: string): void {
    this.#death ??= { kind: 'failed', type, message };
    this.#settle(this.#death);
  }
}
