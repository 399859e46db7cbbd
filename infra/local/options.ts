import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

/** A command line that is not understood; the message says what is wrong with it. */
export class BadOptions extends Error {
  override readonly name = 'BadOptions';
}

export interface Options {
  /** 0 takes any free port. */
  readonly port: number;
  readonly folder: string;
  readonly fresh: boolean;
  readonly keepHistory: boolean;
  /** What the stage's settings are given on the command line, as with `cdk -c`. */
  readonly context: Readonly<Record<string, string>>;
  readonly help: boolean;
}

export const USAGE = `Runs Quotaline on this machine, from the stack's own template and bundles.

  npm start -- [--port 3000] [--data <folder>] [--fresh] [--keep-history] [-c <name>=<value>]...

  --port          where the HTTP interface answers (default 3000; 0 takes a free one)
  --data          the folder that keeps tables, queues and mails between runs (default .quotaline/data)
  --fresh         empty that folder first
  --keep-history  keep what every write to a table replaced, so that operators can restore it as it was; each run on the folder has to
  -c              a setting of the stage, as with cdk deploy: -c epochs.deals=1 -c canary=5
  --help          this text
`;

const setting = (text: string): readonly [string, string] => {
  const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new BadOptions(`-c takes <name>=<value>, as in -c epochs.deals=1, not ${text}`);
  if (name === 'stage' && value !== 'dev')
    throw new BadOptions(`the local run is always the stage dev: leave out -c stage=${value}`);
  return [name, value];
};

/** Reads the command line; `project` is the folder that the default data folder lies in. Throws BadOptions. */
export const readOptions = (given: readonly string[], project: string): Options => {
  const options = {
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: '.quotaline/data' },
    fresh: { type: 'boolean', default: false },
    'keep-history': { type: 'boolean', default: false },
    context: { type: 'string', short: 'c', multiple: true },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  let values;
  try {
    values = parseArgs({ args: [...given], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new BadOptions(error instanceof Error ? error.message : String(error));
  }
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new BadOptions(`--port takes a number from 0 to 65535, not ${values.port}`);
  }
  if (values.data.trim() === '') throw new BadOptions('--data takes a folder');
  return {
    port: Number(values.port),
    folder: resolve(project, values.data),
    fresh: values.fresh,
    keepHistory: values['keep-history'],
    context: Object.fromEntries((values.context ?? []).map(setting)),
    help: values.help,
  };
};
