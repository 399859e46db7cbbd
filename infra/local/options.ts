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
  readonly help: boolean;
}

export const USAGE = `Runs Quotaline on this machine, from the stack's own template and bundles.

  npm start -- [--port 3000] [--data <folder>] [--fresh]

  --port    where the HTTP interface answers (default 3000; 0 takes a free one)
  --data    the folder that keeps tables, queues and mails between runs (default .quotaline/data)
  --fresh   empty that folder first
  --help    this text
`;

/** Reads the command line; `project` is the folder that the default data folder lies in. Throws BadOptions. */
export const readOptions = (given: readonly string[], project: string): Options => {
  const options = {
    port: { type: 'string', default: '3000' },
    data: { type: 'string', default: '.quotaline/data' },
    fresh: { type: 'boolean', default: false },
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
    help: values.help,
  };
};
