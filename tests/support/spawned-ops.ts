import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SpawnedOps {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `npm run ops -- <args>` as a process of its own. `env` replaces variables; `undefined` takes one away. */
export const spawnOps = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<SpawnedOps> => {
  const child = spawn(process.execPath, ['infra/ops/ops.ts', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
};
