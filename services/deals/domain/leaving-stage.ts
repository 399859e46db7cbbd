import type * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { Deal } from './deal.ts';
import type { ExitCriterion, ExitField } from './exit-criterion.ts';
import { type Pipeline, placeOf, stageOf } from './pipeline.ts';

export type ActivityKinds = ReadonlySet<string>;

/** Where a deal is going: to another stage, of another pipeline maybe, or to its win. */
export type Going =
  { readonly to: 'won' } | { readonly to: 'stage'; readonly pipeline: Pipeline; readonly stage: string };

const isThere = (deal: Deal, field: z.infer<typeof ExitField>): boolean => {
  switch (field) {
    case 'amount':
      return deal.amount.amount > 0;
    case 'lineItems':
      return deal.lineItems.length > 0;
    case 'contactIds':
      return (deal.contactIds ?? []).length > 0;
    default:
      return deal[field] !== undefined;
  }
};

/** Forward is to a later stage of the pipeline, to one of a higher probability in another, and to the win. */
const isForward = (deal: Deal, from: Pipeline, going: Going): boolean => {
  if (going.to === 'won') return true;
  if (going.pipeline.id === from.id) return placeOf(from, going.stage) > placeOf(from, deal.stage);
  const before = stageOf(from, deal.stage)?.probability ?? 0;
  return (stageOf(going.pipeline, going.stage)?.probability ?? 0) > before;
};

/** The criteria of the stage that the deal leaves, if it goes forward. */
export const criteriaFor = (deal: Deal, from: Pipeline, going: Going): readonly ExitCriterion[] =>
  deal.status === 'open' && isForward(deal, from, going)
    ? (stageOf(from, deal.stage)?.exitCriteria ?? [])
    : [];

const fault = (criterion: ExitCriterion, deal: Deal, activities: ActivityKinds): string | undefined => {
  switch (criterion.kind) {
    case 'field':
      return isThere(deal, criterion.field) ? undefined : `the deal needs ${criterion.field}`;
    case 'activity':
      return activities.has(criterion.activity)
        ? undefined
        : `the deal needs an activity of the kind ${criterion.activity}`;
    case 'note':
      return undefined;
  }
};

/** @throws Unprocessable naming every criterion that isn't met; `path` is what the caller asked for it with */
export const assertCriteria = (
  deal: Deal,
  criteria: readonly ExitCriterion[],
  { activities, path }: { readonly activities: ActivityKinds; readonly path: string },
): void => {
  const faults = criteria
    .map((criterion) => fault(criterion, deal, activities))
    .filter((message) => message !== undefined);
  if (faults.length === 0) return;
  throw new Unprocessable(
    `The deal does not meet what leaving the stage “${deal.stage}” asks for.`,
    faults.map((message) => ({ path, message })),
  );
};
