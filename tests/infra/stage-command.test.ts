import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { synthesizedAssembly } from '../support/synthesized.ts';

const root = path.resolve(import.meta.dirname, '../..');
const output = mkdtempSync(path.join(tmpdir(), 'quotaline-cdk-'));
afterAll(() => {
  rmSync(output, { recursive: true });
});

/** `npx cdk …` as ops types it, without credentials. */
const cdk = (...args: readonly string[]): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve, reject) => {
    const bin = path.join(root, 'node_modules/.bin');
    const child = spawn(path.join(bin, 'cdk'), [...args, '--output', output], {
      cwd: root,
      env: {
        PATH: `${bin}:${process.env.PATH ?? ''}`,
        HOME: output,
        AWS_REGION: 'eu-central-1',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const listen = (chunk: Buffer) => (said += chunk.toString());
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });

describe('cdk on the command line', () => {
  it('says plainly what is wrong with a stage, and nothing of the program', async () => {
    const { code, said } = await cdk('synth', '--quiet', '-c', 'stage=production');
    expect(said).toContain('Unknown stage “production”: use -c stage=<one of dev, staging, prod>.');
    expect(said).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  it('refuses to deploy where the region at hand is not the stage’s', async () => {
    const { code, said } = await cdk('deploy', '-c', 'stage=dev', '-c', 'region=eu-west-1');
    expect(said).toContain('stage dev belongs to eu-west-1, and the region at hand is eu-central-1');
    expect(code).toBe(1);
  });

  it('has no stack of prod to deploy dev’s settings over', async () => {
    const { directory } = synthesizedAssembly({ stage: 'dev' });
    const { code, said } = await cdk('deploy', 'quotaline-prod', '--app', directory);
    expect(said).toContain('No stacks match the name(s) quotaline-prod');
    expect(code).toBe(1);
  });
});
