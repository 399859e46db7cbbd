import { parseArgs } from 'node:util';
import { nearest } from '../nearest.ts';
import type { StageName } from '../stage/settings.ts';
import { usageOf, type Command } from './command.ts';
import { Flags } from './flags.ts';
import { NotUnderstood } from './refusals.ts';

/** Where a command acts, as it was asked for. */
export type Place =
  { readonly kind: 'stage'; readonly stage: StageName } | { readonly kind: 'local'; readonly url: string };

/** A command line, understood. */
export type CommandLine =
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly args: readonly string[];
      readonly flags: Flags;
      readonly place: Place;
      readonly apply: boolean;
      readonly confirm: string | undefined;
      readonly json: boolean;
    };

const DEFAULT_LOCAL = 'http://localhost:3000';
const STAGES: readonly StageName[] = ['dev', 'staging', 'prod'];

const common = {
  stage: { type: 'string' },
  local: { type: 'string' },
  apply: { type: 'boolean' },
  confirm: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Taken for the value of `--local`, right or wrong: no command has an argument like it. */
const ADDRESS = /^([a-z]+:\/\/|localhost|\d+($|\.\d+))/;

/** `--local` may stand alone, for the port that `npm start` takes by itself; parseArgs knows no such option. */
const withLocalUrl = (given: readonly string[]): string[] =>
  given.map((arg, index) => {
    if (arg === '--local' && !ADDRESS.test(given[index + 1] ?? '')) return `--local=${DEFAULT_LOCAL}`;
    return arg;
  });

const commandOf = (
  given: readonly string[],
  commands: readonly Command[],
): { command: Command; rest: readonly string[] } => {
  const two = given.slice(0, 2).join(' ');
  const found = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === given[0]);
  if (found !== undefined) return { command: found, rest: given.slice(found.name.split(' ').length) };
  if (given[0]?.startsWith('-') === true) {
    throw new NotUnderstood('Begin with the command: npm run ops -- <command> [arguments] --stage <stage>.');
  }
  const family = commands.filter(({ name }) => name.startsWith(`${given[0] ?? ''} `));
  if (family.length > 0) {
    throw new NotUnderstood(
      `Say what to do with ${given[0] ?? ''}:\n${family.map((command) => `  ${usageOf(command)}`).join('\n')}`,
    );
  }
  const words = given.slice(0, 2).filter((word) => !word.startsWith('-'));
  const word = words[0] ?? '';
  const names = commands.map(({ name }) => name);
  const meant =
    nearest(words.join(' '), names) ??
    nearest(word, [...names, ...names.map((name) => name.split(' ')[0] ?? name)]);
  throw new NotUnderstood(
    `There is no command “${word}”${meant === undefined ? '.' : `; did you mean ${meant}?`} ` +
      `npm run ops -- help lists them.`,
  );
};

const optionsOf = (command: Command) => ({
  ...common,
  ...Object.fromEntries(Object.entries(command.options).map(([name, { type }]) => [name, { type }] as const)),
});

const parsed = (command: Command, rest: readonly string[]) => {
  const options = optionsOf(command);
  try {
    return parseArgs({ args: withLocalUrl(rest), options, strict: true, allowPositionals: true });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const unknown = /Unknown option '--?([^' =]+)/.exec(said)?.[1];
    if (unknown === undefined) throw new NotUnderstood(`${said}\n\n  ${usageOf(command)}`);
    const meant = nearest(unknown, Object.keys(options));
    throw new NotUnderstood(
      `${command.name} has no option --${unknown}${meant === undefined ? '.' : `; did you mean --${meant}?`}\n\n  ${usageOf(command)}`,
    );
  }
};

const checkParameters = (command: Command, args: readonly string[]): void => {
  const missing = command.parameters.filter(
    (name, index) => !name.endsWith('?') && args[index] === undefined,
  );
  if (missing.length > 0) {
    throw new NotUnderstood(
      `${command.name} needs ${missing.map((name) => `<${name}>`).join(' and ')}.\n\n  ${usageOf(command)}`,
    );
  }
  // A last parameter that ends in “…” takes any number.
  const takesMore = command.parameters.at(-1)?.endsWith('…') === true;
  const over = takesMore ? [] : args.slice(command.parameters.length);
  if (over.length > 0) {
    throw new NotUnderstood(
      `${command.name} does not know what to do with “${over.join(' ')}”.\n\n  ${usageOf(command)}`,
    );
  }
};

const placeOf = (stage: unknown, local: unknown): Place => {
  if (typeof stage === 'string' && typeof local === 'string') {
    throw new NotUnderstood('Give either --stage or --local, not both: a command acts on one place.');
  }
  if (typeof local === 'string') {
    const url = URL.canParse(local) ? new URL(local) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      throw new NotUnderstood(`--local takes an address such as ${DEFAULT_LOCAL}, not ${local}.`);
    }
    return { kind: 'local', url: url.origin };
  }
  if (typeof stage !== 'string') {
    throw new NotUnderstood(
      `Say where: --stage <${STAGES.join('|')}> for a deployed stage, or --local [${DEFAULT_LOCAL}] for the local run.`,
    );
  }
  const known = STAGES.find((name) => name === stage);
  if (known === undefined) {
    const meant = nearest(stage, STAGES);
    throw new NotUnderstood(
      `There is no stage “${stage}”${meant === undefined ? '.' : `; did you mean ${meant}?`} Stages are ${STAGES.join(', ')}.`,
    );
  }
  return { kind: 'stage', stage: known };
};

/** Reads what stands after `npm run ops --`. Throws NotUnderstood, saying what would be right. */
export const readCommandLine = (given: readonly string[], commands: readonly Command[]): CommandLine => {
  const isHelp = given[0] === undefined || ['help', '--help', '-h'].includes(given[0]);
  if (isHelp) {
    const about = given.slice(1);
    return { kind: 'help', command: about.length === 0 ? undefined : commandOf(about, commands).command };
  }
  const { command, rest } = commandOf(given, commands);
  const { values, positionals } = parsed(command, rest);
  if (values.help === true) return { kind: 'help', command };
  checkParameters(command, positionals);
  const apply = values.apply === true;
  if (apply && command.changes !== true) {
    throw new NotUnderstood(`${command.name} changes nothing: leave --apply out.`);
  }
  return {
    kind: 'run',
    command,
    args: positionals,
    flags: new Flags(values),
    place: placeOf(values.stage, values.local),
    apply,
    confirm: typeof values.confirm === 'string' ? values.confirm : undefined,
    json: values.json === true,
  };
};
