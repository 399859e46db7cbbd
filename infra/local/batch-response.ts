import * as z from 'zod';
import type { Outcome } from './function-pool.ts';

const BatchResponse = z
  .looseObject({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish();

/**
 * Which of a batch's items failed, by identifier, read as Lambda reads it: a failed invocation fails them all, and so does
 * a malformed answer or one that names an item which was not in the batch.
 */
export const failedItems = (
  outcome: Outcome,
  reportsFailures: boolean,
  identifiers: readonly string[],
): ReadonlySet<string> => {
  if (outcome.kind === 'failed') return new Set(identifiers);
  if (!reportsFailures) return new Set();
  const response = BatchResponse.safeParse(outcome.result);
  if (!response.success) return new Set(identifiers);
  const failed = (response.data?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);
  return failed.every((identifier) => identifiers.includes(identifier))
    ? new Set(failed)
    : new Set(identifiers);
};
