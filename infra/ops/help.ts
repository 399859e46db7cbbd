import { usageOf, type Command } from './command.ts';
import { table } from './table.ts';

const EVERYWHERE = `Where it acts, one of:
  --stage <dev|staging|prod>   the stage deployed in the account and region of your AWS credentials
  --local [url]                the local run of npm start (http://localhost:3000 unless given)

Always:
  --apply            carry it out; without, a command that changes something only says what it would do
  --confirm <stage>  needed beside --apply where the stage is protected
  --json             the outcome as JSON on stdout
  --help             what a command takes

Exit code: 0 done, 1 failed or something needs a person, 2 not understood.`;

const indented = (rows: readonly (readonly string[])[]): string =>
  table(rows)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/** What there is, or what one command takes. */
export const help = (commands: readonly Command[], about: Command | undefined): string => {
  if (about === undefined) {
    const list = indented(commands.map(({ name, summary }) => [name, summary]));
    return `npm run ops -- <command> [arguments] --stage <stage>\n\n${list}\n\n${EVERYWHERE}`;
  }
  const options = Object.entries(about.options).map(([name, { value, says }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    says,
  ]);
  return [
    `npm run ops -- ${usageOf(about)}`,
    `${about.summary}.${about.details === undefined ? '' : `\n\n${about.details}`}`,
    ...(options.length === 0 ? [] : [indented(options)]),
    EVERYWHERE,
  ].join('\n\n');
};
