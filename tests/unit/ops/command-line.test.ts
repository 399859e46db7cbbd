import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../infra/ops/command-line.ts';
import { commands } from '../../../infra/ops/commands.ts';
import { usageOf } from '../../../infra/ops/command.ts';
import { help } from '../../../infra/ops/help.ts';
import { NotUnderstood } from '../../../infra/ops/refusals.ts';

const read = (line: string) => readCommandLine(line.split(' '), commands);

const refusalOf = (line: string): string => {
  try {
    read(line);
  } catch (error) {
    if (error instanceof NotUnderstood) return error.message;
    throw error;
  }
  throw new Error(`“${line}” was understood`);
};

describe('the command line of operating', () => {
  it('takes a command of two words, its arguments and its options', () => {
    const line = read('dead-letters show metrics-facts --limit 3 --stage dev --json');
    if (line.kind !== 'run') throw new Error('not to be run');
    expect(line).toMatchObject({
      command: { name: 'dead-letters show' },
      args: ['metrics-facts'],
      place: { kind: 'stage', stage: 'dev' },
      apply: false,
      json: true,
    });
    expect(line.flags.count('limit', 10, 100)).toBe(3);
  });
  it('tells a command of one word from those that begin with it', () => {
    const named = (line: string) => {
      const found = read(line);
      return found.kind === 'run' ? found.command.name : 'help';
    };
    expect(named('replay --from a --to b --consumer c --stage dev')).toBe('replay');
    expect(named('replay list --stage dev')).toBe('replay list');
  });
  it('takes the port of npm start for a local run without an address', () => {
    expect(read('health --local')).toMatchObject({ place: { kind: 'local', url: 'http://localhost:3000' } });
    expect(read('health --local --json')).toMatchObject({ json: true, place: { kind: 'local' } });
    expect(read('health --local http://localhost:4711/')).toMatchObject({
      place: { kind: 'local', url: 'http://localhost:4711' },
    });
  });
  it.each([
    ['healt --stage dev', 'did you mean health?'],
    ['dead-leters list --stage dev', 'did you mean dead-letters list?'],
    ['frobnicate --stage dev', 'npm run ops -- help'],
    ['--stage dev health', 'Begin with the command'],
    ['dead-letters --stage dev', 'dead-letters redrive <queue>'],
    ['health', '--stage <dev|staging|prod>'],
    ['health --stage prd', 'did you mean prod?'],
    ['health --stage dev --local', 'not both'],
    ['health --local ftp://localhost', 'such as http://localhost:3000'],
    ['health --local 3000', 'such as http://localhost:3000'],
    ['health --local localhost:3000', 'such as http://localhost:3000'],
    ['health --local=3000', 'such as http://localhost:3000'],
    ['health --stagee dev', 'did you mean --stage?'],
    ['health --stage dev --apply', 'leave --apply out'],
    ['health now --stage dev', '“now”'],
    ['dead-letters show --stage dev', 'needs <queue>'],
  ])('refuses “%s”, and says what would be right', (line, says) => {
    expect(refusalOf(line)).toContain(says);
  });
  it('explains itself, all commands or one', () => {
    expect(read('help')).toEqual({ kind: 'help', command: undefined });
    expect(read('pause --help')).toMatchObject({ kind: 'help', command: { name: 'pause' } });
    expect(read('help dead-letters drop')).toMatchObject({ command: { name: 'dead-letters drop' } });
    const all = help(commands, undefined);
    for (const { name, summary } of commands)
      expect(all).toMatch(new RegExp(`${name} +${summary.slice(0, 20)}`));
  });
  it('names every parameter and option of a command in its help', () => {
    for (const command of commands) {
      const text = help(commands, command);
      expect(text).toContain(usageOf(command));
      for (const option of Object.keys(command.options)) expect(text).toContain(`--${option}`);
    }
  });
});
