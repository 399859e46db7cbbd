import fc from 'fast-check';
import type { TerritoryRule, TerritoryState } from '../../../shared/events/team.ts';
import { derivedId, TerritoryId } from '../../../shared/ids/id.ts';
import type { TerritoryAccount } from '../../../shared/territories/area.ts';

export const territoryId = (name: string): TerritoryId => derivedId(TerritoryId, name);

export const territory = (
  name: string,
  rules: readonly TerritoryRule[],
  more: Partial<TerritoryState> = {},
): TerritoryState => ({ id: territoryId(name), name, ownerIds: [], rules: [...rules], ...more });

const values = ['IT', 'FR'] as const;
const codes = ['1', '10', '101', '2'] as const;
const bounds = [0, 10, 20] as const;

const listOf = (of: readonly string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...of), { minLength: 1, maxLength: of.length }), {
    nil: undefined,
    freq: 1,
  });

const band = fc.constantFrom<TerritoryRule['revenue']>(
  undefined,
  undefined,
  { from: 0 },
  { from: 10 },
  { below: 10 },
  { below: 20 },
  { from: 10, below: 20 },
);

export const someRules: fc.Arbitrary<TerritoryRule[]> = fc.array(
  fc.record({
    priority: fc.integer({ min: 1, max: 3 }),
    countries: listOf(values),
    regions: fc.constant(undefined),
    postalCodePrefixes: listOf(codes),
    industries: fc.constant(undefined),
    segments: listOf(values),
    revenue: band,
  }),
  { maxLength: 4 },
);

export const someTerritories: fc.Arbitrary<TerritoryState[]> = fc
  .array(someRules, { maxLength: 3 })
  .map((each) => each.map((rules, index) => territory(`territory ${String(index)}`, rules)));

/** One of each kind that rules like those above can tell apart. */
export const universe: readonly TerritoryAccount[] = [undefined, ' it', 'FR ', 'other'].flatMap((country) =>
  [undefined, '1', '1 0', '101', '1019', '11', '2', '3'].flatMap((postalCode) =>
    [undefined, 'IT', 'fr', 'other'].flatMap((segment) =>
      [undefined, ...bounds.flatMap((bound) => [bound, bound + 5])].map((annualRevenue) => ({
        country,
        postalCode,
        segment,
        annualRevenue,
      })),
    ),
  ),
);
