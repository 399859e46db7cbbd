import type * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { Deal } from './deal.ts';
import type { ExitCriterion, ExitField } from './exit-criterion.ts';
import { type Pipeline, placeOf, type Stage, stageOf } from './pipeline.ts';

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

/** What leaving a stage asks for. */
export interface StageCriterion {
  readonly stage: string;
  readonly criterion: ExitCriterion;
}

/** Forward is to a later stage of the pipeline, to one of a higher probability in another, and to the win. */
const isForward = (deal: Deal, from: Pipeline, going: Going): boolean => {
  if (going.to === 'won') return true;
  if (going.pipeline.id === from.id) return placeOf(from, going.stage) > placeOf(from, deal.stage);
  const before = stageOf(from, deal.stage)?.probability ?? 0;
  return (stageOf(going.pipeline, going.stage)?.probability ?? 0) > before;
};

/** The stage that the deal leaves, and those that it passes over: up to the one it goes to, or all that are left before the win. */
const stagesLeft = ({ stage }: Deal, from: Pipeline, going: Going): readonly Stage[] => {
  const begin = placeOf(from, stage);
  if (begin < 0) return [];
  if (going.to === 'won') return from.stages.slice(begin);
  // The stages of two pipelines don't follow one another.
  const end = going.pipeline.id === from.id ? placeOf(from, going.stage) : begin + 1;
  return from.stages.slice(begin, end);
};

/** The criteria of the stage that the deal leaves and of those that it passes over, if it goes forward. */
export const criteriaFor = (deal: Deal, from: Pipeline, going: Going): readonly StageCriterion[] =>
  deal.status === 'open' && isForward(deal, from, going)
    ? stagesLeft(deal, from, going).flatMap(({ key, exitCriteria }) =>
        exitCriteria.map((criterion) => ({ stage: key, criterion })),
      )
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

/** @throws Unprocessable naming every criterion that isn't met, with its stage; `path` is what the caller asked for it with */
export const assertCriteria = (
  deal: Deal,
  criteria: readonly StageCriterion[],
  { activities, path }: { readonly activities: ActivityKinds; readonly path: string },
): void => {
  const faults = criteria.flatMap(({ stage, criterion }) => {
    const message = fault(criterion, deal, activities);
    return message === undefined ? [] : [{ stage, message }];
  });
  if (faults.length === 0) return;
  const stages = [...new Set(faults.map(({ stage }) => `“${stage}”`))].join(', ');
  throw new Unprocessable(
    `The deal does not meet what leaving ${stages} asks for.`,
    faults.map(({ stage, message }) => ({ path, message: `to leave “${stage}”, ${message}` })),
  );
};
