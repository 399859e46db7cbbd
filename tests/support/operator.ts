import { commands } from '../../infra/ops/commands.ts';
import { run } from '../../infra/ops/run.ts';
import type { LocalRun } from './local-run.ts';

/** How a command of `npm run ops` ended. */
export interface Operated {
  readonly code: 0 | 1 | 2;
  readonly out: string;
  readonly err: string;
}

/** Types `npm run ops -- <line> --local <run>`; the parts of the line are parted by spaces. */
export const operate = async (
  { url }: Pick<LocalRun, 'url'>,
  line: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<Operated> => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run([...line.split(' '), '--local', url], commands, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
};

/** The same for a command that must succeed; answers what it printed. */
export const operated = async (place: Pick<LocalRun, 'url'>, line: string): Promise<string> => {
  const { code, out, err } = await operate(place, line);
  if (code !== 0) throw new Error(`ops ${line} ended with ${code}: ${err}\n${out}`);
  return out;
};
