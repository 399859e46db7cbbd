import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';

/** Several services answer at the same time, and people write meanwhile. */
const ATTEMPTS = 5;

/** Puts an answer into the record that asked for it. `kept` answers the record with it, or why it is no news there. */
export const keepAnswer = async <T extends { readonly id: string }>(
  repository: Repository<T>,
  id: string,
  kept: (record: Stored<T>) => Stored<T> | Outcome,
  event: OutboxEvent,
): Promise<Outcome> => {
  for (let attempt = 1; ; attempt += 1) {
    const record = await repository.find(id);
    if (record === undefined) return 'irrelevant';
    const next = kept(record);
    if (typeof next === 'string') return next;
    try {
      await repository.save(next, event);
      return 'done';
    } catch (error) {
      if (!(error instanceof PreconditionFailed) || attempt === ATTEMPTS) throw error;
    }
  }
};
