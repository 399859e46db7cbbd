import type { Command } from '../command.ts';
import { isMeant, type Letter } from '../dead-letters/letter.ts';
import { ONLY } from '../dead-letters/only.ts';
import { walk } from '../dead-letters/walk.ts';

const pretty = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
};

const paragraph = (letter: Letter, withBody: boolean): string =>
  [
    `${letter.messageId}  ${letter.detailType ?? 'not an event'}  ${letter.subject ?? ''}`.trimEnd(),
    `  sent ${letter.sentAt}, received ${letter.receiveCount} times`,
    ...(letter.eventId === undefined ? [] : [`  event ${letter.eventId}`]),
    ...(letter.correlationId === undefined ? [] : [`  correlation ${letter.correlationId}`]),
    ...(letter.undelivered === undefined ? [] : [`  the rule could not deliver it: ${letter.undelivered}`]),
    ...(withBody ? [pretty(letter.body).replace(/^/gm, '  ')] : []),
  ].join('\n');

export const deadLettersShow: Command = {
  name: 'dead-letters show',
  summary: 'The dead letters of a queue, which stay where they are',
  parameters: ['queue'],
  options: {
    limit: { type: 'string', value: '<n>', says: 'so many at most (10 unless given)' },
    only: ONLY,
    body: { type: 'boolean', says: 'with their bodies, which may hold personal data' },
  },
  details:
    'Why one failed stands in the log of its consumer: npm run ops -- trace <correlation id>. To look at a message is\n' +
    'to receive it: for a moment nobody else gets it, and its count rises.',
  async run({ target, args, flags, signal, report }) {
    const { unit, deadLetters } = target.names.subscription(args[0] ?? '');
    const limit = flags.count('limit', 10, 1000);
    const only = flags.text('only');
    const withBody = flags.has('body');
    const shown: Letter[] = [];
    await walk(target.aws, {
      queue: deadLetters,
      ...(only === undefined && { most: limit }),
      signal,
      visit: (letter) => {
        if (shown.length < limit && isMeant(letter, only)) shown.push(letter);
        return Promise.resolve(false);
      },
    });
    report(
      shown.map(({ receipt: _, body, ...letter }) => (withBody ? { ...letter, body } : letter)),
      () =>
        shown.length === 0
          ? `${unit} has no${only === undefined ? '' : ' such'} dead letters.`
          : shown.map((letter) => paragraph(letter, withBody)).join('\n'),
    );
  },
};
