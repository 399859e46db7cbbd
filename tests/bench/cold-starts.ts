import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import * as z from 'zod';
import { bundling } from '../../infra/bundle.ts';
import { type Bench, type Benchmark, type Figure, type Outcome, WrongOutcome } from './benchmark.ts';
import { lambdaContext } from './lambda-context.ts';
import { median } from './sample.ts';
import { SteppedSystem } from './stepped-system.ts';

const ROUNDS = 5;
const LIMIT_MS = 15_000;
const BARE = 'bare SDK handler';

interface Subject {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly event: unknown;
  /** Whether the answer is the one that the event should get. */
  readonly isRight: (answer: unknown) => boolean;
}

const Handled = z.object({ loadMs: z.number(), answerMs: z.number(), answer: z.unknown() });
type Handled = z.infer<typeof Handled>;

/** One cold start in a fresh process. Throws WrongOutcome for a wrong answer, or none in time. */
const coldStart = ({ name, file, environment, event, isRight }: Subject): Promise<Handled> =>
  new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, 'cold-start-process.ts'), [file], {
      env: { PATH: process.env.PATH ?? '', NODE_DISABLE_COMPILE_CACHE: '1', ...environment },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let complaint = '';
    let handled: Handled | undefined;
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('message', (message) => {
      if (message === 'ready') child.send({ event, context: lambdaContext(name) });
      else handled = Handled.parse(message);
    });
    child.on('exit', () => {
      if (handled === undefined) reject(new WrongOutcome(`${name} did not answer: ${complaint}`));
      else if (!isRight(handled.answer))
        reject(new WrongOutcome(`${name}: ${JSON.stringify(handled.answer)}`));
      else resolve(handled);
    });
  });

const hasStatus = (status: number) => (answer: unknown) =>
  z.looseObject({ statusCode: z.literal(status) }).safeParse(answer).success;

/** A first event that makes the function do as little as it can; the APIs read from their table. */
const firstEvents: Readonly<Record<string, { readonly target: string; readonly status: number }>> = {
  'team-api': { target: 'GET /v1/teams', status: 200 },
  'deals-api': { target: 'GET /v1/deals', status: 200 },
  'metrics-api': { target: 'GET /v1/metrics?scope=org&period=2026-11&kpis=wonDeals', status: 200 },
  'goals-api': { target: 'GET /v1/goals', status: 200 },
  platform: { target: 'GET /health', status: 200 },
  'deals-webhook': { target: 'POST /v1/webhooks/store_01JD0000000000000000000000', status: 404 },
};

const subjectsOf = (system: SteppedSystem): Subject[] =>
  system.stack.functions.flatMap(({ label, assetFolder, module, environment }) => {
    // The trigger of sign-in has no empty event; it loads what the team's API loads.
    if (label === 'team-token') return [];
    const first = firstEvents[label];
    const [method = '', target = ''] = first?.target.split(' ') ?? [];
    return [
      {
        name: label,
        file: path.join(assetFolder, module),
        environment: {
          ...withoutCodeCache(system.environment),
          AWS_ENDPOINT_URL_DYNAMODB: system.engine.url,
          ...environment,
        },
        event: first === undefined ? { Records: [] } : system.eventFor(method, target).event,
        isRight: first === undefined ? () => true : hasStatus(first.status),
      },
    ];
  });

/** In Lambda, a new environment finds no code that V8 has compiled before. */
const withoutCodeCache = ({ NODE_COMPILE_CACHE: _, ...environment }: Readonly<Record<string, string>>) =>
  environment;

const bareSubject = (system: SteppedSystem, folder: string): Subject => {
  const file = path.join(folder, 'bare.mjs');
  buildSync({ ...bundling, entryPoints: [path.join(import.meta.dirname, 'bare-handler.ts')], outfile: file });
  const table = system.stack.tables[0]?.name ?? '';
  return {
    name: BARE,
    file,
    environment: {
      ...withoutCodeCache(system.environment),
      AWS_ENDPOINT_URL_DYNAMODB: system.engine.url,
      TABLE_NAME: table,
    },
    event: {},
    isRight: hasStatus(404),
  };
};

const run = async (bench: Bench): Promise<Outcome> => {
  const system = await SteppedSystem.start(bench);
  const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-bench-'));
  bench.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const subjects = [bareSubject(system, folder), ...subjectsOf(system)];
  const times = new Map(subjects.map(({ name }): [string, Handled[]] => [name, []]));
  for (let round = 1; round <= ROUNDS; round += 1) {
    bench.tell(`round ${round} of ${ROUNDS}: ${subjects.length} bundles`);
    for (const subject of subjects) times.get(subject.name)?.push(await coldStart(subject));
  }
  const whole = (name: string) =>
    median((times.get(name) ?? []).map(({ loadMs, answerMs }) => loadMs + answerMs));
  const figures = subjects.flatMap(({ name, file }): Figure[] => {
    const measured = times.get(name) ?? [];
    const code = readFileSync(file);
    return [
      { name: 'size', value: code.length / 1024, unit: 'KB' },
      { name: 'compressed', value: gzipSync(code).length / 1024, unit: 'KB' },
      { name: 'load', value: median(measured.map(({ loadMs }) => loadMs)), unit: 'ms' },
      { name: 'first answer', value: median(measured.map(({ answerMs }) => answerMs)), unit: 'ms' },
      { name: 'both', value: whole(name), unit: 'ms' },
      { name: 'beside the bare one', value: whole(name) / whole(BARE), unit: '×' },
    ].map((figure) => ({ subject: name, ...figure }));
  });
  return {
    figures,
    notes: ['The APIs and the bare handler read from their table; relays and consumers get an empty batch.'],
  };
};

export const coldStarts: Benchmark = {
  name: 'cold-starts',
  title: `Cold starts: a fresh process per start, without a code cache (medians of ${ROUNDS})`,
  run,
};
