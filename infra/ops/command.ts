import type { Flags } from './flags.ts';
import type { Target } from './target.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** What stands for its value in the help, as in `<instant>`. */
  readonly value?: string;
  readonly says: string;
}

/** What a command works with. Throw Failed or NotUnderstood (refusals.ts) for what the reader can correct. */
export interface Context {
  readonly target: Target;
  /** The values of the command’s parameters, in their order; those that are not optional are there. */
  readonly args: readonly string[];
  readonly flags: Flags;
  /** False: say what would be done, and change nothing. Never true of a command that doesn’t declare `changes`. */
  readonly apply: boolean;
  /** Aborted by Ctrl-C: end after the item under way, and say how to go on. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, by the target’s clock, which the local run may have moved. */
  readonly now: () => number;
  /** The outcome, once: as JSON when it was asked for, else as the text. */
  readonly report: (outcome: unknown, text: () => string) => void;
  /** How far it is, for the eyes only: on stderr, with or without --json. */
  readonly progress: (text: string) => void;
}

/** One command of `npm run ops`; its help and its usage are made from what stands here. */
export interface Command {
  /** One word, or two as in `dead-letters list`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What stands after the name, in its order; one that may be left out ends in `?`, a last one of many in `…`. */
  readonly parameters: readonly string[];
  /** By name without dashes. The common ones (stage, local, apply, confirm, json, help) are always there. */
  readonly options: Readonly<Record<string, Option>>;
  /** True of a command that changes something: it takes --apply, and is a dry run without. */
  readonly changes?: true;
  /** What the help says beyond the summary. */
  readonly details?: string;
  run(context: Context): Promise<void>;
}

/** `dead-letters show <queue> [--limit <n>]` */
export const usageOf = ({ name, parameters, options, changes }: Command): string =>
  [
    name,
    ...parameters.map((parameter) =>
      parameter.endsWith('?') ? `[<${parameter.slice(0, -1)}>]` : `<${parameter}>`,
    ),
    ...Object.entries(options).map(([option, { value }]) =>
      value === undefined ? `[--${option}]` : `[--${option} ${value}]`,
    ),
    ...(changes ? ['[--apply]'] : []),
  ].join(' ');
