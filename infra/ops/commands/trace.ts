import type { Command } from '../command.ts';
import { Failed, NotUnderstood } from '../refusals.ts';
import { windowOf } from '../replay/window.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { table } from '../table.ts';
import { linesWith, type LogLine } from '../trace/log-query.ts';
import { correlationsOf, stepsOf, type Step } from '../trace/step.ts';

const ID = /^[A-Za-z0-9._:/+=@-]{3,128}$/;
const DAY_MS = 86_400_000;
/** A query may be 10,000 letters long; a deal’s way has a handful. */
const MOST_CHAINS = 50;

interface Chain {
  readonly correlationId: string;
  readonly steps: readonly Step[];
}

const chainText = ({ correlationId, steps }: Chain): string => {
  const start = steps[0]?.at ?? 0;
  const rows = steps.map(({ at, unit, level, says, subject, details }) => [
    `  +${at - start} ms`,
    unit,
    level === 'INFO' ? says : `${level}: ${says}`,
    subject ?? '',
    Object.entries(details)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ]);
  return `${instantFrom(start)}  correlation ${correlationId}\n${table(rows)}`;
};

const chainsOf = (lines: readonly LogLine[], ids: readonly string[]): readonly Chain[] =>
  ids
    .map((correlationId) => ({ correlationId, steps: stepsOf(lines, correlationId) }))
    .filter(({ steps }) => steps.length > 0)
    .toSorted((a, b) => (a.steps[0]?.at ?? 0) - (b.steps[0]?.at ?? 0));

export const trace: Command = {
  name: 'trace',
  summary: 'The way of one deal through all functions, from request to mail',
  parameters: ['id'],
  options: {
    from: { type: 'string', value: '<instant>', says: 'where to begin (a day ago unless given)' },
    to: { type: 'string', value: '<instant>', says: 'where to end (now unless given)' },
  },
  details:
    'The id is a deal’s, or any other subject’s, a correlation id or an event’s. CloudWatch bills what it reads of the\nlogs: take a short window.',
  async run({ target, args, flags, now, signal, report, progress }) {
    const id = args[0] ?? '';
    if (!ID.test(id))
      throw new NotUnderstood(`“${id}” is no id: give one such as deal_01K… or a correlation id.`);
    const to = flags.instant('to') ?? instantFrom(now());
    const from = flags.instant('from') ?? instantFrom(Date.parse(to) - DAY_MS);
    const window = windowOf({ from, to }, now());
    progress(`Looking for ${id} from ${from} to ${to} …`);
    const mentions = await linesWith(target, [id], window, signal);
    const ids = [...new Set(mentions.lines.flatMap((line) => correlationsOf(line, id)))];
    if (ids.length === 0) {
      throw new Failed(
        `No function logged ${id} from ${from} to ${to}: look further back with --from, and wait a minute for what just happened.`,
      );
    }
    const shown = ids.slice(-MOST_CHAINS);
    if (shown.length < ids.length)
      progress(`Only the last ${shown.length} of ${ids.length} correlation ids are followed.`);
    const { lines, areAll } = await linesWith(target, shown, window, signal);
    if (!areAll || !mentions.areAll)
      progress('There are more lines than one query gives: take a shorter window.');
    const chains = chainsOf(lines, shown);
    report(chains, () => chains.map(chainText).join('\n\n'));
  },
};
