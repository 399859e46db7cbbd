import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerSetup } from './function-protocol.ts';

/*
 * Runs inside a worker thread: one function, one invocation at a time, as a Lambda execution environment does. Nothing of the
 * runner is imported here at run time, so that a function finds only what it brings along.
 */
const setup = workerData as WorkerSetup;
const port = parentPort;
if (port === null) throw new Error('function-worker.ts runs in a worker thread only');

/** Lambda's clock is the machine's; here it may have been moved forward, for this thread as for all others. */
const shiftTime = (): void => {
  const MachineDate = Date;
  const offset = new Float64Array(setup.clock);
  const now = () => MachineDate.now() + (offset[0] ?? 0);
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(
        target,
        given.length === 0 ? [now()] : given,
        newTarget === globalThis.Date ? target : newTarget,
      ) as Date,
    apply: () => new MachineDate(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : (Reflect.get(target, property, receiver) as unknown),
  });
};

/** What every line in CloudWatch's embedded metric format holds. */
const EMBEDDED_METRICS = '"CloudWatchMetrics"';

/** Straight into the log file: lines survive whatever happens to this thread, and cost the main thread nothing, but for those with metrics. */
const captureOutput = (): void => {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    writeSync(setup.logFile, `[${setup.label}] ${text}`);
    if (text.includes(EMBEDDED_METRICS)) send({ kind: 'metrics', line: text });
    const done = rest.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
};

const send = (message: FromWorker) => {
  port.postMessage(message);
};

const failureOf = (error: unknown): FromWorker => {
  const known = error instanceof Error ? error : new Error(String(error));
  console.error(known.stack ?? known.message);
  return { kind: 'failed', type: known.name, message: known.message };
};

const contextOf = ({ requestId, deadline }: ToWorker) => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: setup.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: setup.functionArn,
  logGroupName: `/aws/lambda/${setup.functionName}`,
  logStreamName: 'local',
  memoryLimitInMB: String(setup.memoryMb),
  getRemainingTimeInMillis: () => Math.max(0, deadline - performance.timeOrigin - performance.now()),
});

type Handler = (event: unknown, context: unknown) => unknown;

const loadHandler = async (): Promise<Handler> => {
  const bundle = (await import(setup.bundle)) as Readonly<Record<string, unknown>>;
  const handler = bundle[setup.handler];
  if (typeof handler !== 'function') throw new Error(`${setup.bundle} exports no function ${setup.handler}`);
  return handler as Handler;
};

captureOutput();
shiftTime();
try {
  const handler = await loadHandler();
  port.on('message', (message: ToWorker) => {
    process.env._X_AMZN_TRACE_ID = `Root=1-${randomBytes(4).toString('hex')}-${randomBytes(12).toString('hex')};Sampled=0`;
    const invoke = async () => await handler(JSON.parse(message.event), contextOf(message));
    invoke().then(
      (result) => send({ kind: 'done', result: JSON.stringify(result ?? null) }),
      (error: unknown) => send(failureOf(error)),
    );
  });
  send({ kind: 'ready' });
} catch (error) {
  send(failureOf(error));
  port.close();
}
