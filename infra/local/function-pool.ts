import { openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LocalClock } from './clock.ts';
import type { FunctionFault } from './faults.ts';
import type { FunctionSpec } from './stack-functions.ts';
import { WarmFunction, type Outcome } from './warm-function.ts';

export type { Outcome } from './warm-function.ts';

export interface FunctionPoolOptions {
  readonly functions: readonly FunctionSpec[];
  readonly clock: LocalClock;
  /** Where functions.log goes. */
  readonly folder: string;
  /** What every function's environment holds beside its own: region, credentials, endpoints. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called whenever an invocation has ended, however it did. */
  readonly onEnd: () => void;
  /** How many invocations of a function may run at once, where that is limited; 0 refuses every one. */
  readonly concurrencyOf?: (name: string) => number | undefined;
  readonly onFailure: (label: string, outcome: Extract<Outcome, { kind: 'failed' }>) => void;
  /** What is to fail although nothing is wrong. */
  readonly faultOf?: (name: string) => FunctionFault | undefined;
  /** How each invocation ended and, in milliseconds, how long it ran. */
  readonly onInvocation?: (name: string, outcome: Outcome, ms: number) => void;
  /** A line that a function wrote in the embedded metric format. */
  readonly onMetrics?: (line: string) => void;
}

interface Waiting {
  readonly event: string;
  readonly resolve: (outcome: Outcome) => void;
}

/** Each worker costs 30 to 50 MB, so few per function, and few in all. Beyond these, only a function without any gets one. */
const WORKERS_PER_FUNCTION = 3;
const WORKERS_IN_ALL = 5;
const IDLE_MS = 20_000;
const SETTLED_MS = 2_000;
const LOG_BYTES = 20_000_000;

/** Lambda's refusal to run a function that has no concurrency left. */
export const THROTTLED: Outcome = {
  kind: 'failed',
  type: 'TooManyRequestsException',
  message: 'Rate Exceeded.',
};

/** An invocation that was made to fail, before its handler ran. */
const FAULT: Extract<Outcome, { kind: 'failed' }> = {
  kind: 'failed',
  type: 'LocalFault',
  message: 'set by POST /_local/faults',
};

const openLog = (folder: string): number => {
  const path = join(folder, 'functions.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
};

/** The stack's functions, in warm worker threads that start when first needed and stop when idle. */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  readonly #specs: ReadonlyMap<string, FunctionSpec>;
  readonly #warm = new Map<string, WarmFunction[]>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #logFile: number;
  readonly #reaper: NodeJS.Timeout;
  #running = 0;
  #stopping = false;

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
    this.#specs = new Map(options.functions.map((spec) => [spec.name, spec]));
    this.#logFile = openLog(options.folder);
    this.#reaper = setInterval(() => this.#reap(), SETTLED_MS).unref();
  }

  /** Invocations that run or wait for a worker. */
  get running(): number {
    return this.#running;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Invokes a function by name with an event as JSON. Never rejects: how it ended is the outcome. */
  async invoke(name: string, event: string): Promise<Outcome> {
    const spec = this.#specs.get(name);
    if (spec === undefined)
      return { kind: 'failed', type: 'ResourceNotFoundException', message: `no function ${name}` };
    const refused = this.#refusal(spec);
    if (refused !== undefined) {
      this.#options.onInvocation?.(name, refused, 0);
      return refused;
    }
    this.#running += 1;
    const outcome = await new Promise<Outcome>((resolve) => {
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, waiting);
      waiting.push({ event, resolve });
      this.#dispatch(spec);
    });
    this.#running -= 1;
    this.#options.onEnd();
    if (outcome.kind === 'failed' && !this.#stopping) this.#options.onFailure(spec.label, outcome);
    return outcome;
  }

  /** Ends all workers; what runs in them fails. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#reaper);
    await Promise.all([...this.#warm.values()].flat().map((worker) => worker.terminate()));
    for (const waiting of this.#waiting.values()) {
      for (const { resolve } of waiting.splice(0))
        resolve({ kind: 'failed', type: 'Runtime.Stopped', message: 'stopping' });
    }
  }

  /** How an invocation ends that does not come to its handler. */
  #refusal({ name, label }: FunctionSpec): Outcome | undefined {
    const fault = this.#options.faultOf?.(name);
    if (fault === 'throttle' || this.#options.concurrencyOf?.(name) === 0) return THROTTLED;
    if (fault === undefined) return undefined;
    this.#options.onFailure(label, FAULT);
    return FAULT;
  }

  #dispatch(spec: FunctionSpec): void {
    const waiting = this.#waiting.get(spec.name) ?? [];
    while (waiting.length > 0 && !this.#stopping) {
      const worker = this.#free(spec);
      if (worker === undefined) return;
      const next = waiting.shift();
      if (next === undefined) return;
      const started = performance.now();
      void worker.run(next.event).then((outcome) => {
        if (worker.isDead) this.#forget(spec.name, worker);
        if (!this.#stopping) this.#options.onInvocation?.(spec.name, outcome, performance.now() - started);
        next.resolve(outcome);
        this.#dispatch(spec);
        this.#dispatchWaiting();
      });
    }
  }

  /** An idle worker of the function, or a new one if there is room or can be made. */
  #free(spec: FunctionSpec): WarmFunction | undefined {
    const own = (this.#warm.get(spec.name) ?? []).filter((worker) => !worker.isDead);
    const idle = own.find((worker) => !worker.isBusy);
    if (idle !== undefined) return idle;
    const most = this.#options.concurrencyOf?.(spec.name) ?? spec.reservedConcurrency ?? WORKERS_PER_FUNCTION;
    if (own.length >= Math.min(WORKERS_PER_FUNCTION, most)) return undefined;
    // A function without any worker gets one at once, a further one only where there is room or another has idled a while.
    if (this.#count() >= WORKERS_IN_ALL && !this.#stopLongestIdle() && own.length > 0) return undefined;
    const worker = this.#start(spec);
    this.#warm.set(spec.name, [...own, worker]);
    return worker;
  }

  #start(spec: FunctionSpec): WarmFunction {
    const { clock, environment } = this.#options;
    const setup = {
      bundle: pathToFileURL(join(spec.assetFolder, spec.module)).href,
      handler: spec.handler,
      functionName: spec.name,
      functionArn: spec.arn,
      memoryMb: spec.memoryMb,
      label: spec.label,
      logFile: this.#logFile,
      clock: clock.shared,
    };
    const own = {
      AWS_LAMBDA_FUNCTION_NAME: spec.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
      LAMBDA_TASK_ROOT: spec.assetFolder,
    };
    return new WarmFunction({
      setup,
      environment: { ...environment, ...own, ...spec.environment },
      timeoutSeconds: spec.timeoutSeconds,
      onMetrics: (line) => this.#options.onMetrics?.(line),
    });
  }

  /** A worker that has become idle may make room for one of another function. */
  #dispatchWaiting(): void {
    for (const [name, waiting] of this.#waiting) {
      const spec = this.#specs.get(name);
      if (waiting.length > 0 && spec !== undefined) this.#dispatch(spec);
    }
  }

  #count(): number {
    return [...this.#warm.values()].reduce((sum, workers) => sum + workers.length, 0);
  }

  /** Workers that have just idled are likely to be needed again: starting one costs far more than keeping it a while. */
  #stopLongestIdle(): boolean {
    const oldest = this.#idle(SETTLED_MS).sort((a, b) => a.worker.idleSince - b.worker.idleSince)[0];
    if (oldest === undefined) return false;
    this.#forget(oldest.name, oldest.worker);
    return true;
  }

  #idle(forMs: number): { readonly name: string; readonly worker: WarmFunction }[] {
    return [...this.#warm].flatMap(([name, workers]) =>
      workers
        .filter((worker) => !worker.isBusy && Date.now() - worker.idleSince >= forMs)
        .map((worker) => ({ name, worker })),
    );
  }

  #reap(): void {
    for (const { name, worker } of this.#idle(IDLE_MS)) this.#forget(name, worker);
    while (this.#count() > WORKERS_IN_ALL && this.#stopLongestIdle());
  }

  #forget(name: string, worker: WarmFunction): void {
    this.#warm.set(
      name,
      (this.#warm.get(name) ?? []).filter((other) => other !== worker),
    );
    void worker.terminate();
  }
}
