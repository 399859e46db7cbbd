import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../infra/ops/commands.ts';

const readme = readFileSync('infra/ops/README.md', 'utf8');
const sources = globSync('infra/ops/**/*.ts').map((file) => readFileSync(file, 'utf8'));

/** `ReceiveMessage` for `new ReceiveMessageCommand`, `DescribeAlarms` for `paginateDescribeAlarms`. */
const called = new Set(
  sources.flatMap((source) => [
    ...[...source.matchAll(/new ([A-Z]\w+)Command\(/g)].map(([, action]) => action ?? ''),
    ...[...source.matchAll(/paginate([A-Z]\w+)/g)].map(([, action]) => action ?? ''),
  ]),
);

describe('the README of operating', () => {
  it('names every command', () => {
    for (const { name } of commands) expect(readme).toContain(`\`${name}`);
  });
  it('lists every action of AWS that a command calls', () => {
    expect(called.size).toBeGreaterThan(30);
    const missing = [...called].filter((action) => !new RegExp(`\\b${action}\\b`).test(readme));
    expect(missing).toEqual([]);
  });
});
