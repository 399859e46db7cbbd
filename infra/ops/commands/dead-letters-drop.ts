import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import type { Command } from '../command.ts';
import { countsByType, isMeant, type Letter } from '../dead-letters/letter.ts';
import { ONLY } from '../dead-letters/only.ts';
import { walk } from '../dead-letters/walk.ts';
import { KeptCopy, nameAt } from '../kept-copy.ts';
import { Failed } from '../refusals.ts';

export const deadLettersDrop: Command = {
  name: 'dead-letters drop',
  summary: 'Delete dead letters that nobody needs any more; a copy is kept in a file first',
  parameters: ['queue'],
  options: {
    only: ONLY,
    keep: {
      type: 'string',
      value: '<folder>',
      says: 'where the copy goes (.quotaline/ops/dropped unless given)',
    },
  },
  changes: true,
  details:
    'The file has one message per line, with its body, and so may hold personal data: delete it when it is done with.',
  async run({ target, args, flags, apply, signal, now, report }) {
    const { unit, deadLetters } = target.names.subscription(args[0] ?? '');
    const only = flags.text('only');
    const folder = flags.text('keep') ?? `.quotaline/ops/dropped/${target.stage}`;
    const copy = new KeptCopy(folder, nameAt(unit, now()));
    const meant: Letter[] = [];
    try {
      await walk(target.aws, {
        queue: deadLetters,
        signal,
        visit: async (letter) => {
          if (!isMeant(letter, only)) return false;
          if (apply) {
            const { receipt, ...kept } = letter;
            copy.keep(kept);
            await target.aws.sqs.send(
              new DeleteMessageCommand({ QueueUrl: deadLetters.url, ReceiptHandle: receipt }),
            );
          }
          meant.push(letter);
          return apply;
        },
      });
    } finally {
      copy.close();
    }
    const kept = apply && meant.length > 0 ? copy.path : undefined;
    report({ queue: unit, dropped: apply ? meant.length : 0, found: meant.length, kept }, () => {
      if (meant.length === 0) return `${unit} has no${only === undefined ? '' : ' such'} dead letters.`;
      const said = `${apply ? 'Dropped' : 'Would drop'} ${meant.length}: ${countsByType(meant)}`;
      return kept === undefined ? said : `${said}\nKept in ${kept}`;
    });
    if (signal.aborted) throw new Failed('Stopped before the end: the same command goes on with the rest.');
  },
};
