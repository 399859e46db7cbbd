import type { Identified } from '../dynamodb/entity.ts';
import type { OutboxEvent } from '../dynamodb/outbox.ts';
import type { Repository } from '../dynamodb/repository.ts';
import { AlreadyExists } from '../errors/errors.ts';
import type { Outcome } from './outcome.ts';

/** For how long an answer is kept: as long as a request may come again, and longer. */
const KEPT_SECONDS = 30 * 86_400;

/** Epoch seconds after which the answer may go. */
export const answerExpiresAt = ({ asOf }: { readonly asOf: string }): number =>
  Math.floor(Date.parse(asOf) / 1000) + KEPT_SECONDS;

/** Answers a request by an event on an item under the request's id, once: whoever asks twice is told nothing new. */
export const answerOnce = async <T extends Identified>(
  answers: Repository<T>,
  requestId: string,
  answer: () => Promise<T>,
  event: OutboxEvent,
): Promise<Outcome> => {
  if ((await answers.find(requestId)) !== undefined) return 'duplicate';
  try {
    await answers.create(await answer(), event);
    return 'done';
  } catch (error) {
    // The same request was answered at the same moment.
    if (error instanceof AlreadyExists) return 'duplicate';
    throw error;
  }
};
