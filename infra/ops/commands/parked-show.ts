import type { Command } from '../command.ts';
import { parkedText, summaryOf } from '../parked.ts';

export const parkedShow: Command = {
  name: 'parked show',
  summary: 'Why a record was parked, and which aggregates it concerns',
  parameters: ['key'],
  options: { body: { type: 'boolean', says: 'the whole file, which may hold personal data' } },
  details:
    'Correct the cause, then let the aggregates tell their state again: npm run ops -- republish <id>.',
  async run({ target, args, flags, report }) {
    const key = args[0] ?? '';
    const text = await parkedText(target, key);
    const { reason, id, subjects } = summaryOf(text);
    const body = flags.has('body') ? text : undefined;
    report({ key, reason, id, subjects, body }, () =>
      [
        key,
        `  ${reason}`,
        ...(id === undefined ? [] : [`  event ${id}`]),
        ...subjects.map((subject) => `  concerns ${subject}`),
        ...(body === undefined ? [] : [body]),
      ].join('\n'),
    );
  },
};
