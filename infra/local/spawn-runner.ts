import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface SpawnOptions {
  readonly dataFolder: string;
  /** As the flag takes it; a free port unless given. */
  readonly port?: string;
  /** Further flags. */
  readonly flags?: readonly string[];
  /** The folder of the project whose local run it is; this one unless given. */
  readonly project?: string;
}

/** A local run as a process of its own, as `npm start` makes it. */
export interface RunnerProcess {
  /** Without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** All that it has written so far. */
  output(): string;
  /** As Ctrl-C: waits until it has ended. */
  stop(): Promise<void>;
  /** SIGKILL: no warning, no chance to save anything. */
  kill(): Promise<void>;
}

const thisProject = fileURLToPath(new URL('../..', import.meta.url));

/** As in npm start: V8's default young generation would let the main thread keep 100 MB of garbage. */
const SMALL_HEAP = '--max-semi-space-size=4';

/** glibc would otherwise keep freed memory apart for each of the many threads. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/** The first synth bundles every function. */
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

const isHealthy = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/health`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
};

/** Starts a local run and waits until it is ready. Throws with what it wrote when it ends first, or takes too long. */
export const spawnRunner = async ({
  dataFolder,
  port = '0',
  flags = [],
  project = thisProject,
}: SpawnOptions): Promise<RunnerProcess> => {
  const start = join(project, 'infra', 'local', 'start.ts');
  const args = [SMALL_HEAP, start, '--port', port, '--data', dataFolder, ...flags];
  const env = { ...process.env, ...FEW_ARENAS };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasEnded()) return;
    child.kill(signal);
    const last = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(last);
  };

  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const url = /starts on (http:\S+)/.exec(output)?.[1];
    if (url !== undefined && child.pid !== undefined && (await isHealthy(url))) {
      return {
        url,
        pid: child.pid,
        output: () => output,
        stop: () => end('SIGTERM'),
        kill: () => end('SIGKILL'),
      };
    }
    if (hasEnded() || performance.now() > until) {
      await end('SIGKILL');
      throw new Error(`the local run did not become ready:\n${output.trim()}`);
    }
    await delay(LOOK_EVERY_MS);
  }
};
