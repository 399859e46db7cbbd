import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';

const root = path.resolve(import.meta.dirname, '../../..');
const python = path.join(root, '.quotaline/python/bin/python');

/** What everything in the emulator belongs to. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

const Addresses = z.object({ url: z.string(), plainUrl: z.string() });

/** An emulator that is running, as other processes can know it. */
export interface EmulatorAddress {
  /** Where it answers for all of AWS, without a slash at the end. */
  readonly url: string;
  /** The same without TLS, which policies of the stack refuse to all but the account's root. */
  readonly plainUrl: string;
  /** What it and the functions' workers write. */
  readonly logFile: string;
  /** Of its TLS certificate, which nobody else vouches for. */
  readonly certificateFile: string;
}

export interface Emulator extends EmulatorAddress {
  readonly pid: number;
  /** Waits until it has ended, and its functions with it. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** Nothing of the caller's environment but what programs need: AWS settings of the machine must not leak in. */
const environment = (folder: string): NodeJS.ProcessEnv => ({
  // First the project's own Node, which is Lambda's.
  PATH: `${path.join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
  HOME: folder,
  TMPDIR: folder,
  LANG: 'C.UTF-8',
  // A name, so that those of APIs below it are names as well.
  MINISTACK_HOST: 'localhost',
  BIND_HOST: '127.0.0.1',
  MINISTACK_REGION: REGION,
  MINISTACK_ACCOUNT_ID: ACCOUNT,
  STATE_DIR: path.join(folder, 'state'),
  S3_DATA_DIR: path.join(folder, 's3'),
  // Roles and resource policies decide who may do what, as on AWS.
  AUTH: 'true',
  // Who may not have a token gets none, as on AWS.
  MINISTACK_COGNITO_PRETOKEN_STRICT: 'true',
  // Listeners on ports of their own that nothing here calls.
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
});

const isReady = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/_ministack/ready`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
};

/**
 * Starts the emulator on free ports, with all that it writes in `folder`. Throws with what it said when it ends first
 * or takes too long, and when its tools are not installed.
 */
export const startEmulator = async (folder: string): Promise<Emulator> => {
  if (!existsSync(python)) throw new Error('The emulator is not installed: run npm run python-tools');
  mkdirSync(folder, { recursive: true });
  const logFile = path.join(folder, 'emulator.log');
  writeFileSync(logFile, '');
  const child = spawn(python, [path.join(import.meta.dirname, 'serve.py'), folder], {
    cwd: folder,
    env: environment(folder),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    child.stdin.end();
    if (hasEnded()) return;
    const last = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(last);
  };

  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const addresses = said.includes('\n') ? Addresses.parse(JSON.parse(said)) : undefined;
    if (addresses !== undefined && child.pid !== undefined && (await isReady(addresses.plainUrl))) {
      const certificateFile = path.join(folder, 'certificate.pem');
      return { ...addresses, logFile, certificateFile, pid: child.pid, stop };
    }
    if (hasEnded() || performance.now() > until) {
      await stop();
      throw new Error(`The emulator did not become ready:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
    }
    await delay(LOOK_EVERY_MS);
  }
};
