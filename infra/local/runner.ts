import { join } from 'node:path';
import { CloudWatch } from './aws/cloudwatch.ts';
import { Cognito } from './aws/cognito.ts';
import { Faults } from './faults.ts';
import { Schedules } from './schedules.ts';
import { watchOf } from './watch/observers.ts';
import type { Watch } from './watch/watch.ts';
import { awsJson } from './aws/aws-json.ts';
import { awsQuery } from './aws/aws-query.ts';
import { cloudFormation } from './aws/cloudformation.ts';
import { Buses } from './bus.ts';
import { LocalClock } from './clock.ts';
import { functionEnvironment, localVariables } from './environment.ts';
import { FunctionPool } from './function-pool.ts';
import { Gateway } from './gateway.ts';
import { TokenKey } from './jwt.ts';
import type { Serve } from './local-http.ts';
import { LambdaControl } from './aws/lambda.ts';
import { LambdaControls } from './lambda-controls.ts';
import { Logs } from './aws/logs.ts';
import { Mailbox } from './aws/mail.ts';
import { objectCreated } from './aws/object-created.ts';
import { Objects } from './aws/objects.ts';
import { Events } from './aws/events.ts';
import { Archive } from './archive.ts';
import { Replays } from './replays.ts';
import { QueueMapping } from './queue-mapping.ts';
import { Queues } from './queues.ts';
import { Secrets } from './aws/secrets.ts';
import { Sqs } from './aws/sqs.ts';
import { QueueReceipts } from './queue-receipts.ts';
import { LOCAL_ADMIN, SignIn } from './sign-in.ts';
import type { Stack } from './stack.ts';
import type { MappingSpec } from './stack-functions.ts';
import { RunnerState } from './state.ts';
import { StreamMapping } from './streams.ts';
import { TableFile } from './table-file.ts';
import { TableEngine } from './tables.ts';
import { ACCOUNT, REGION } from './local-names.ts';
import { TableRecovery } from './table-recovery.ts';
import { TimeToLive } from './time-to-live.ts';
import { LocalUserPool } from './user-pool.ts';

export interface RunnerOptions {
  readonly stack: Stack;
  /** The data folder, taken for this process. */
  readonly folder: string;
  /** Where the compiled form of the bundles is kept. */
  readonly codeCache: string;
  /** Where this run answers HTTP. */
  readonly url: string;
  /** Whether to keep what every write to a table replaced, so that it can be restored as it was. */
  readonly keepHistory: boolean;
  readonly warn: (text: string) => void;
}

const TRIM_EVERY_MS = 500;
const STOP_WITHIN_MS = 3_000;

/** The stack, running: every part of it wired to the others as the template says. */
export class Runner {
  readonly stack: Stack;
  readonly url: string;
  readonly folder: string;
  readonly clock: LocalClock;
  readonly queues: Queues;
  readonly buses: Buses;
  readonly mailbox: Mailbox;
  readonly signIn: SignIn;
  readonly gateway: Gateway;
  readonly faults: Faults;
  readonly watch: Watch;
  /** The AWS services that functions call, by the first part of the path below `/_aws`. */
  readonly services: Readonly<Record<string, Serve>>;
  readonly #state: RunnerState;
  readonly #engine: TableEngine;
  readonly #file: TableFile;
  readonly #functions: FunctionPool;
  readonly #schedules: Schedules;
  readonly #controls: LambdaControls;
  readonly #queueMappings: readonly QueueMapping[];
  readonly #streamMappings: readonly StreamMapping[];
  readonly #replays: Replays;
  readonly #recovery: TableRecovery;
  readonly #timeToLive: TimeToLive;
  readonly #trimmer: NodeJS.Timeout;

  /** Opens the folder's files and starts the engine; work left over from the last run is taken up at once. */
  static async start(options: RunnerOptions): Promise<Runner> {
    const engine = await TableEngine.start(join(options.folder, 'tables.db'), options.warn);
    try {
      const file = new TableFile(join(options.folder, 'tables.db'));
      await engine.create(options.stack.tables);
      const runner = new Runner(options, engine, file);
      await runner.#recovery.clear();
      return runner;
    } catch (error) {
      engine.stop();
      throw error;
    }
  }

  private constructor(
    { stack, folder, codeCache, url, keepHistory, warn }: RunnerOptions,
    engine: TableEngine,
    file: TableFile,
  ) {
    this.stack = stack;
    this.url = url;
    this.folder = folder;
    this.#engine = engine;
    this.#file = file;
    const state = new RunnerState(join(folder, 'runner.db'));
    this.#state = state;
    const clock = new LocalClock(state);
    this.clock = clock;
    this.queues = new Queues(state, stack.queues, clock);
    const { watch, observe } = watchOf({
      stack,
      clock,
      queues: this.queues,
      streams: () => this.#streamMappings,
      warn,
    });
    this.watch = watch;
    const faults = new Faults(stack.functions);
    this.faults = faults;
    const archives = stack.archives.map((spec) => new Archive(spec, state, clock));
    this.buses = new Buses(
      { buses: stack.buses, rules: stack.rules, region: REGION, account: ACCOUNT },
      this.queues,
      clock,
      archives,
    );
    this.#replays = new Replays({ state, archives, buses: this.buses, clock });
    this.mailbox = new Mailbox(state, clock, { fault: () => faults.mail, onSent: observe.sent });
    const objects = new Objects(state, stack.buckets, clock, (object) => {
      if (stack.tellingBuckets.includes(object.bucket)) this.buses.put([objectCreated(object)]);
    });
    this.#recovery = new TableRecovery({
      ...{ stack, engine, state, objects, clock, keepHistory, warn },
      path: join(folder, 'tables.db'),
    });
    this.#controls = new LambdaControls(state, stack.functions, [
      ...stack.queueMappings,
      ...stack.streamMappings,
    ]);
    // By number: the name localhost may be tried as IPv6 first, on every new connection.
    const numeric = `http://127.0.0.1:${new URL(url).port}`;
    const functions = new FunctionPool({
      functions: stack.functions.map((spec) => ({
        ...spec,
        environment: localVariables(spec.environment, numeric),
      })),
      clock,
      folder,
      environment: functionEnvironment(numeric, engine.url, codeCache),
      onEnd: () => this.#wakeStreams(),
      concurrencyOf: (name) => this.#controls.concurrency(name),
      faultOf: (name) => faults.of(name),
      onInvocation: observe.invocation,
      onMetrics: observe.metrics,
      onFailure: (label, { type, message }) => warn(`${label}: ${type}: ${message.split('\n')[0] ?? ''}`),
    });
    this.#functions = functions;
    const issuer = stack.gateway.issuer ?? url;
    const key = new TokenKey(state);
    const pool = new LocalUserPool(state, clock);
    this.signIn = new SignIn(stack.signIn, issuer, { key, clock, functions, pool });
    const audience = [...stack.gateway.audience, LOCAL_ADMIN];
    this.gateway = new Gateway(stack.gateway, {
      ...{ key, clock, functions, audience, issuer },
      onAnswer: observe.answer,
    });
    this.services = {
      cloudformation: awsQuery(cloudFormation(stack, state.createdAt(clock.now()))),
      cloudwatch: new CloudWatch(watch, clock).serve,
      dynamodb: this.#recovery.serve,
      logs: awsJson(new Logs(stack, folder).call),
      cognito: awsJson(new Cognito(stack.signIn, { pool, mailbox: this.mailbox }).call),
      lambda: new LambdaControl({
        functions: stack.functions,
        mappings: () => this.#mappings,
        controls: this.#controls,
      }).serve,
      events: awsJson(
        new Events({
          buses: this.buses,
          rules: stack.rules,
          archives,
          replays: this.#replays,
          createdAt: state.createdAt(clock.now()),
        }).call,
      ),
      s3: objects.serve,
      secrets: awsJson(new Secrets(state, clock).call),
      ses: this.mailbox.serve,
      sqs: awsJson(new Sqs(this.queues, new QueueReceipts(state, this.queues)).call),
    };
    const isPaused = (spec: MappingSpec) => () => this.#controls.isPaused(spec);
    this.#queueMappings = stack.queueMappings.map(
      (spec) => new QueueMapping(spec, this.queues, functions, isPaused(spec)),
    );
    this.#streamMappings = stack.streamMappings.map(
      (spec) =>
        new StreamMapping(spec, {
          table: file,
          functions,
          state,
          objects,
          isPaused: isPaused(spec),
          onBatch: observe.batch,
        }),
    );
    for (const mapping of this.#mappings) mapping.start();
    this.#controls.onChange = () => {
      for (const mapping of this.#mappings) mapping.wake();
    };
    this.#timeToLive = new TimeToLive(stack.tables, engine, file, clock);
    this.#trimmer = setInterval(() => this.#trim(), TRIM_EVERY_MS);
    watch.start();
    this.#schedules = new Schedules(stack.schedules, { clock, functions, warn });
    this.#schedules.start();
  }

  /** Moves the clock forward to `target` (milliseconds since the epoch), and does what was due on the way. Throws ClockOnlyMovesForward. */
  moveClock(target: number): void {
    this.clock.moveTo(target);
    this.watch.clockMoved();
    this.#schedules.catchUp();
  }

  get clientIds(): readonly string[] {
    return [
      LOCAL_ADMIN,
      ...this.stack.signIn.clients.filter(({ kind }) => kind === 'system').map(({ id }) => id),
    ];
  }

  /**
   * What is not finished: all zero means that nothing will happen until somebody asks for something. What waits for a mapping that is
   * switched off is none of it: see `paused`.
   */
  workLeft(): {
    readonly invocations: number;
    readonly replays: number;
    readonly tableCopies: number;
    readonly messages: number;
    readonly streams: number;
  } {
    return {
      invocations: Math.max(this.#functions.running, this.#schedules.waiting),
      replays: this.#replays.running,
      tableCopies: this.#recovery.running,
      ...this.#waiting(false),
    };
  }

  /** What waits for an operator to switch its mapping on again; undefined when none is off. */
  paused(): { readonly mappings: number; readonly messages: number; readonly streams: number } | undefined {
    const mappings = this.#mappings.filter(({ isPaused }) => isPaused).length;
    return mappings === 0 ? undefined : { mappings, ...this.#waiting(true) };
  }

  /** Ends the batching windows that are open, where nothing else is under way that could still fill them. */
  endWindows(): void {
    for (const mapping of this.#queueMappings) mapping.endWindow();
  }

  /** Lets running invocations finish for a moment, then ends everything. What is unfinished goes on at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#trimmer);
    this.watch.stop();
    this.#schedules.stop();
    this.#timeToLive.stop();
    this.#replays.stop();
    const finished = Promise.all(this.#mappings.map((mapping) => mapping.stop()));
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([finished, new Promise((resolve) => (timer = setTimeout(resolve, STOP_WITHIN_MS)))]);
    clearTimeout(timer);
    await this.#functions.stop();
    await finished;
    this.#recovery.stop();
    this.#file.close();
    this.#engine.stop();
    this.#state.close();
  }

  get #mappings(): readonly (QueueMapping | StreamMapping)[] {
    return [...this.#streamMappings, ...this.#queueMappings];
  }

  #waiting(isPaused: boolean): { readonly messages: number; readonly streams: number } {
    const queues = this.#queueMappings.filter((mapping) => mapping.isPaused === isPaused);
    const streams = this.#streamMappings.filter((mapping) => mapping.isPaused === isPaused);
    return {
      messages: this.queues.pending(queues.map(({ spec }) => spec.queue)),
      streams: streams.filter((mapping) => !mapping.isDrained).length,
    };
  }

  #wakeStreams(): void {
    for (const mapping of this.#streamMappings) mapping.wake();
  }

  /** Deletes stream records that every mapping of their table is done with. */
  #trim(): void {
    for (const { name } of this.stack.tables) {
      const positions = this.#streamMappings
        .filter(({ tableName }) => tableName === name)
        .map(({ position }) => position);
      this.#file.trim(name, positions.length === 0 ? this.#file.lastId(name) : Math.min(...positions));
    }
  }
}
