import * as z from 'zod';
import type { TerritoryRule } from '../../../shared/events/team.ts';
import { type Area, listed, type ListedField } from '../../../shared/territories/area.ts';
import type { ValueSet } from '../../../shared/territories/values.ts';

const Values = z
  .object({ only: z.array(z.string()).optional(), except: z.array(z.string()).optional() })
  .describe('Values, or beginnings of postal codes. Without `only`, accounts that tell none are meant, too.');

/** Accounts that are alike, as they are told; a criterion that is not there leaves out none. */
export const ToldArea = z
  .object({
    country: Values.optional(),
    region: Values.optional(),
    postalCode: Values.optional(),
    industry: Values.optional(),
    segment: Values.optional(),
    revenue: z
      .object({
        unknown: z.boolean().describe('Whether accounts without annual revenue are meant, too.'),
        bands: z.array(z.object({ from: z.number(), below: z.number().optional() })),
      })
      .optional(),
  })
  .meta({ id: 'TerritoryArea' });
export type ToldArea = z.infer<typeof ToldArea>;

/** Tells areas with the values as the rules spell them first. */
export const areaTeller = (rules: readonly TerritoryRule[]): ((area: Area) => ToldArea) => {
  const spellings = new Map<ListedField, Map<string, string>>();
  for (const { field, list, comparison } of listed) {
    const values = rules.flatMap((rule) => rule[list] ?? []);
    spellings.set(field, new Map(values.toReversed().map((value) => [comparison.keyOf(value), value])));
  }
  const spelled = (field: ListedField, keys: ReadonlySet<string>): string[] =>
    [...keys].map((key) => spellings.get(field)?.get(key) ?? key);
  const told = (field: ListedField, { within, except }: ValueSet) => ({
    ...(within && { only: spelled(field, within) }),
    ...(except.size > 0 && { except: spelled(field, except) }),
  });
  return (area) => {
    const lists = listed.flatMap(({ field }) => {
      const values = told(field, area[field]);
      return Object.keys(values).length === 0 ? [] : [[field, values] as const];
    });
    const { unknown, bands } = area.revenue;
    const isAny = unknown && bands.length === 1 && bands[0]?.from === 0 && bands[0].below === Infinity;
    return {
      ...Object.fromEntries(lists),
      ...(!isAny && {
        revenue: {
          unknown,
          bands: bands.map(({ from, below }) => ({ from, ...(below < Infinity && { below }) })),
        },
      }),
    };
  };
};
