import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from './cdk.ts';
import { startEmulator, type EmulatorAddress } from './emulator.ts';
import { MemoryWatch } from './memory-watch.ts';

/** The emulator of this run of tests, with the synthesized stacks to deploy to it. */
export interface EmulatorForTests extends EmulatorAddress {
  /** Of the stage dev. */
  readonly assembly: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** There only in the project `deploy`. */
    emulator: EmulatorForTests | undefined;
  }
}

const secondsSince = (start: number): string => ((performance.now() - start) / 1000).toFixed(0);

/** Addresses of one's own: those that the stages come with belong to nobody. */
export const ownAddresses = { mailFrom: 'deals@acme.com', alarmEmail: 'ops@acme.com' } as const;

/** Starts one emulator for all tests of the project, synthesizes the stack once, and says at the end what that took. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const start = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-deploy-'));
  const emulator = await startEmulator(folder);
  const started = secondsSince(start);
  const memory = new MemoryWatch(emulator.pid);
  const assembly = path.join(folder, 'dev');
  try {
    await synthesize(assembly, { stage: 'dev', ...ownAddresses });
  } catch (error) {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const synthesized = secondsSince(start);
  const { url, plainUrl, logFile, certificateFile } = emulator;
  project.provide('emulator', { url, plainUrl, logFile, certificateFile, assembly });
  return async () => {
    const peak = memory.stop();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
    console.log(
      [
        `Deploy test: ${secondsSince(start)} s; the emulator was there after ${started} s, the stack synthesized after ${synthesized} s.`,
        `Emulator and functions together held ${peak} MB at most.`,
      ].join('\n'),
    );
  };
}
