import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Command } from '../command.ts';
import { countsByType, isMeant, type Letter } from '../dead-letters/letter.ts';
import { ONLY } from '../dead-letters/only.ts';
import { walk } from '../dead-letters/walk.ts';
import { Failed } from '../refusals.ts';

const SAY_EVERY = 100;

export const deadLettersRedrive: Command = {
  name: 'dead-letters redrive',
  summary: 'Put dead letters back into the queue they came from, to be tried again',
  parameters: ['queue'],
  options: { only: ONLY },
  changes: true,
  details:
    'Correct the cause first. Each message is sent before it is deleted: stopping in between leaves a second one,\n' +
    'which consumers recognise; none is lost. What fails again comes back as a new dead letter.',
  async run({ target, args, flags, apply, signal, now, report, progress }) {
    const { unit, queue, deadLetters } = target.names.subscription(args[0] ?? '');
    const only = flags.text('only');
    const { sqs } = target.aws;
    const meant: Letter[] = [];
    await walk(target.aws, {
      queue: deadLetters,
      sentBefore: now(),
      signal,
      visit: async (letter) => {
        if (!isMeant(letter, only)) return false;
        if (apply) {
          await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: letter.body }));
          await sqs.send(
            new DeleteMessageCommand({ QueueUrl: deadLetters.url, ReceiptHandle: letter.receipt }),
          );
        }
        meant.push(letter);
        if (meant.length % SAY_EVERY === 0) progress(`${meant.length} …`);
        return apply;
      },
    });
    report({ queue: unit, redriven: apply ? meant.length : 0, found: meant.length }, () => {
      if (meant.length === 0) return `${unit} has no${only === undefined ? '' : ' such'} dead letters.`;
      return `${apply ? 'Put back' : 'Would put back'} ${meant.length} into ${queue.name}: ${countsByType(meant)}`;
    });
    if (signal.aborted) throw new Failed('Stopped before the end: the same command goes on with the rest.');
  },
};
