import { readFile } from 'node:fs/promises';

const folder = new URL('../../infra/runbooks/', import.meta.url);

/** Every `npm run ops -- …` of a runbook, without that beginning. */
export const commandsOf = async (runbook: string): Promise<readonly string[]> => {
  const text = await readFile(new URL(`${runbook}.md`, folder), 'utf8');
  return [...text.matchAll(/npm run ops -- ([^`\n#]+)/g)].map(([, command = '']) => command.trim());
};

/** Where it acts is the drill’s own choice. */
const WHERE = /\s--(stage|confirm) <[^>]+>/g;

/**
 * The arguments of the runbook’s command that begins with `command` and ends in what `values` needs: each `<name>` is replaced by the
 * value of that name. Throws when there is none, saying which there are.
 */
export const runbookCommand = async (
  runbook: string,
  command: string,
  values: Readonly<Record<string, string>>,
): Promise<readonly string[]> => {
  const commands = await commandsOf(runbook);
  const [meant, ...flags] = command.split(' --');
  const found = commands.find(
    (line) => line.startsWith(meant ?? command) && flags.every((flag) => line.includes(`--${flag}`)),
  );
  if (found === undefined)
    throw new Error(`the runbook ${runbook} has no “${command}”; it has:\n${commands.join('\n')}`);
  const filled = found
    .replaceAll(WHERE, '')
    .replaceAll(/<([^>]+)>/g, (whole, name: string) => values[name] ?? whole);
  const left = /<[^>]+>/.exec(filled)?.[0];
  if (left !== undefined) throw new Error(`“${found}” of the runbook ${runbook} needs a value for ${left}`);
  return filled.split(/\s+/);
};
