import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const root = path.resolve(import.meta.dirname, '../..');

const Step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() });
const Job = z.looseObject({
  environment: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.string()).optional(),
  steps: z.array(Step).default([]),
});
const Workflow = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), Job),
});

const text = (name: string): string => readFileSync(path.join(root, '.github/workflows', name), 'utf8');
const workflow = (name: string) => Workflow.parse(parse(text(name)));
const commands = ({ steps }: z.infer<typeof Job>): string => steps.flatMap(({ run }) => run ?? []).join('\n');
const files = globSync('*.yml', { cwd: path.join(root, '.github/workflows') }).sort();

describe('the pipeline', () => {
  it('checks with the very script that everyone runs', () => {
    expect(commands(workflow('check.yml').jobs.check ?? Job.parse({}))).toBe('.ci/run');
  });

  it('goes through dev, staging and prod in turn, each after the one before, and after the checks', () => {
    const { jobs } = workflow('deploy.yml');
    expect(Object.entries(jobs).map(([name, { needs, with: given }]) => [name, needs, given?.stage])).toEqual(
      [
        ['check', undefined, undefined],
        ['dev', 'check', 'dev'],
        ['staging', 'dev', 'staging'],
        ['prod', 'staging', 'prod'],
      ],
    );
  });

  it('shows what would change before anyone can approve it, and deploys what was shown', () => {
    const { diff, deploy } = workflow('deploy-stage.yml').jobs;
    expect(commands(diff ?? Job.parse({}))).toContain('cdk diff --app cdk.out');
    expect(deploy?.needs).toBe('diff');
    expect(commands(deploy ?? Job.parse({}))).toContain('cdk deploy --app cdk.out');
    expect(deploy?.environment).toBe('${{ inputs.stage }}');
    expect(diff?.environment).not.toBe(deploy?.environment);
  });

  it('looks whether the stage is well after a deployment', () => {
    expect(commands(workflow('deploy-stage.yml').jobs.deploy ?? Job.parse({}))).toContain(
      'ops -- health --stage',
    );
  });

  it.each(files)('%s keeps no keys, pins what it uses, and may do no more than it must', (name) => {
    expect(text(name)).not.toMatch(/secrets\.|AWS_SECRET_ACCESS_KEY|AKIA/);
    const { permissions, jobs } = workflow(name);
    const allowed = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})].flatMap(
      (each) => Object.entries(each).map(([what, level]) => `${what}: ${level}`),
    );
    const wanted = ['contents: read', 'id-token: write'];
    expect(allowed.filter((each) => !wanted.includes(each))).toEqual([]);
    const used = text(name).matchAll(/uses: (?!\.\/)(.*)$/gm);
    for (const [, action] of used) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
