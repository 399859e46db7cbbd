import { explained } from './aws-errors.ts';
import type { Command } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { targetOf } from './find-target.ts';
import { help } from './help.ts';
import { Failed, NotUnderstood } from './refusals.ts';
import type { Target } from './target.ts';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Throws NotUnderstood when something protected would be changed without naming it, or another stage is named. */
export const checkConfirmed = (
  { apply, confirm }: { readonly apply: boolean; readonly confirm: string | undefined },
  target: Pick<Target, 'stage' | 'isProtected'>,
): void => {
  if (confirm !== undefined && confirm !== target.stage) {
    throw new NotUnderstood(`--confirm says ${confirm}, but this acts on ${target.stage}.`);
  }
  if (apply && target.isProtected && confirm === undefined) {
    throw new NotUnderstood(`${target.stage} is protected: --apply also needs --confirm ${target.stage}.`);
  }
};

/** Carries out one command line. Gives the exit code: 0 done, 1 failed or something needs a person, 2 not understood. */
export const run = async (
  given: readonly string[],
  commands: readonly Command[],
  { out, err, signal }: Terminal,
): Promise<0 | 1 | 2> => {
  let target: Target | undefined;
  try {
    const line = readCommandLine(given, commands);
    if (line.kind === 'help') {
      out(help(commands, line.command));
      return 0;
    }
    const at = await targetOf(line.place);
    target = at;
    const { stage, account, region } = at;
    err(`${line.command.name} on ${stage} (account ${account}, region ${region})`);
    checkConfirmed(line, at);
    await line.command.run({
      ...line,
      target: at,
      signal,
      now: () => at.now(),
      report: (outcome, text) => out(line.json ? JSON.stringify(outcome, undefined, 2) : text()),
      progress: err,
    });
    if (line.command.changes === true && !line.apply)
      err('Dry run: nothing was changed. --apply carries it out.');
    return 0;
  } catch (error) {
    if (error instanceof NotUnderstood) {
      err(error.message);
      return 2;
    }
    const known = error instanceof Failed ? error.message : explained(error, target);
    if (known === undefined) throw error;
    err(known);
    return 1;
  }
};
