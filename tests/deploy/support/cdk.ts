import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { credentials } from './aws.ts';
import { ACCOUNT, REGION, type EmulatorAddress } from './emulator.ts';

const project = path.resolve(import.meta.dirname, '../../..');

/** Nothing of the caller's environment but what programs need: no account of the machine can be meant by mistake. */
const environment = (home: string, emulator?: EmulatorAddress): NodeJS.ProcessEnv => ({
  PATH: `${path.join(project, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
  HOME: home,
  LANG: 'C.UTF-8',
  AWS_EC2_METADATA_DISABLED: 'true',
  ...(emulator && {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: REGION,
    AWS_CA_BUNDLE: emulator.certificateFile,
  }),
});

const LAST_LINES = 30;

/** Of hundreds of lines those that say why. */
const complaintOf = (output: string): string => {
  const lines = output.trim().split('\n');
  const failures = lines.filter((line) => line.includes('_FAILED'));
  return [
    ...failures,
    ...lines.filter((line) => !/_(COMPLETE|IN_PROGRESS|FAILED)/.test(line)).slice(-LAST_LINES),
  ].join('\n');
};

/** Runs the CDK's own command in `folder`; answers all that it wrote. Throws with that when it fails. */
const runCdk = (folder: string, args: readonly string[], emulator?: EmulatorAddress): Promise<string> =>
  new Promise((resolve, reject) => {
    const command = path.join(project, 'node_modules/.bin/cdk');
    const child = spawn(command, ['--no-notices', '--no-version-reporting', '--ci', ...args], {
      cwd: folder,
      env: environment(emulator === undefined ? tmpdir() : path.dirname(emulator.logFile), emulator),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`cdk ${args.join(' ')} failed:\n${complaintOf(output)}`));
    });
  });

/** Prepares the emulator's account for the CDK, once after each reset. */
export const bootstrap = async (emulator: EmulatorAddress): Promise<void> => {
  await runCdk(path.dirname(emulator.logFile), ['bootstrap', `aws://${ACCOUNT}/${REGION}`], emulator);
};

/** Synthesizes the emulator's app of the project in `tree` into the folder `out`, with `-c` options. */
export const synthesize = async (
  out: string,
  context: Readonly<Record<string, string>>,
  tree = project,
): Promise<void> => {
  const options = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const app = `node ${path.join(tree, 'tests/deploy/app.ts')}`;
  await runCdk(tree, ['synth', '--quiet', '--app', app, '--output', out, ...options]);
};

const Outputs = z.record(z.string(), z.record(z.string(), z.string()));

/** What a stack says of itself once it is deployed, by name. */
export type StackOutputs = Readonly<Record<string, string>>;

export interface Deployment {
  readonly outputs: StackOutputs;
  /** What the command printed. */
  readonly said: string;
}

/** Deploys the synthesized stack of a stage, or what changed in it. */
export const deploy = async (
  emulator: EmulatorAddress,
  assembly: string,
  stack: string,
): Promise<Deployment> => {
  const folder = await mkdtemp(path.join(path.dirname(emulator.logFile), 'outputs-'));
  const file = path.join(folder, 'outputs.json');
  const args = ['deploy', '--app', assembly, '--require-approval', 'never', '--outputs-file', file, stack];
  try {
    const said = await runCdk(folder, args, emulator);
    const outputs = Outputs.parse(JSON.parse(await readFile(file, 'utf8')))[stack];
    if (outputs === undefined) throw new Error(`cdk deploy told no outputs of ${stack}`);
    return { outputs, said };
  } finally {
    await rm(folder, { recursive: true });
  }
};

export const destroy = async (emulator: EmulatorAddress, assembly: string, stack: string): Promise<void> => {
  const args = ['destroy', '--app', assembly, '--force', stack];
  await runCdk(path.dirname(emulator.logFile), args, emulator);
};
