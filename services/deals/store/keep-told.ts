import type { Identified, Stored } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';

export interface Kept<T> {
  readonly stored: Stored<T>;
  readonly outcome: 'created' | 'replaced' | 'unchanged';
}

/**
 * Keeps what is told in place of what was told before, with its event. `next` makes of what is kept what is to be kept: the
 * very same where the same was told again, and nothing is written. Whoever else writes meanwhile is waited for.
 */
export const keepTold = async <T extends Identified>(
  repository: Pick<Repository<T>, 'find' | 'create' | 'save'>,
  id: string,
  next: (before: Stored<T> | undefined) => T,
  event: OutboxEvent,
): Promise<Kept<T>> =>
  untilSaved(async () => {
    const before = await repository.find(id);
    const after = next(before);
    if (before === undefined) return { stored: await created(repository, after, event), outcome: 'created' };
    if (after === before) return { stored: before, outcome: 'unchanged' };
    return {
      stored: await repository.save({ ...after, version: before.version }, event),
      outcome: 'replaced',
    };
  });

const created = async <T extends Identified>(
  repository: Pick<Repository<T>, 'create'>,
  entity: T,
  event: OutboxEvent,
): Promise<Stored<T>> => {
  try {
    return await repository.create(entity, event);
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    throw new PreconditionFailed(`${entity.id} was made by someone else meanwhile.`);
  }
};
