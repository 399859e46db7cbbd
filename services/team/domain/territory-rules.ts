import * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { TerritoryState } from '../../../shared/events/team.ts';
import { contradictionsOf } from '../../../shared/territories/coverage.ts';
import { rankedRules } from '../../../shared/territories/rules.ts';
import { Name } from './name.ts';

const MOST_RULES = 100;
const MOST_VALUES = 200;

const values = (value: z.ZodType<string, string>) =>
  z
    .array(value)
    .min(1, 'must name at least one value; leave it out to fit every account')
    .max(MOST_VALUES, `must name ${MOST_VALUES} values at most`)
    .optional();

/** In major units of the reporting currency. */
export const Revenue = z
  .number()
  .min(0, 'must not be negative')
  .max(1_000_000_000_000_000, 'must be 1,000,000,000,000,000 at most');

const priorityRange = 'must be a whole number from 1 to 1,000,000';

/** A rule as callers give it. */
const Rule = z.strictObject({
  priority: z
    .int(priorityRange)
    .min(1, priorityRange)
    .max(1_000_000, priorityRange)
    .describe('Over all territories the rule with the lowest priority decides.'),
  countries: values(Name),
  regions: values(Name),
  postalCodePrefixes: values(Name.max(20, 'must have at most 20 characters')),
  industries: values(Name),
  segments: values(Name),
  revenue: z
    .strictObject({ from: Revenue.optional(), below: Revenue.optional() })
    .refine(
      ({ from, below }) => from !== undefined || below !== undefined,
      'must have from or below; leave it out to fit every revenue',
    )
    .refine(({ from = 0, below = Infinity }) => from < below, {
      path: ['below'],
      error: 'must be more than from',
    })
    .optional()
    .describe('At least from, and less than below, in major units of the reporting currency.'),
});

export const Rules = z
  .array(Rule)
  .max(MOST_RULES, `must be ${MOST_RULES} at most`)
  .describe(
    'Which accounts belong to the territory. Of each criterion that a rule gives, one value must fit; postal codes by their beginning.',
  );

/**
 * Throws Unprocessable where a rule of the territory fits the same accounts as another territory’s of the same priority.
 * `others` may hold the territory as it was.
 */
export const assertNoContradiction = (territory: TerritoryState, others: readonly TerritoryState[]): void => {
  const names = new Map(others.map(({ id, name }) => [id, name]));
  const all = [...others.filter(({ id }) => id !== territory.id), territory];
  const errors = contradictionsOf(territory.id, rankedRules(all)).map(({ rule, other }) => ({
    path: `/rules/${String(rule.index)}`,
    message: `has the priority ${String(rule.rule.priority)} of rule ${String(other.index)} of “${String(names.get(other.territoryId))}” (${other.territoryId}), which fits the same accounts; give one of them another priority`,
  }));
  if (errors.length > 0)
    throw new Unprocessable('Two rules contradict each other: nothing says which of them decides.', errors);
};
