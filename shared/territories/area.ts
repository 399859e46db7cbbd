import type { TerritoryRule } from '../events/team.ts';
import {
  anyRevenue,
  type Band,
  bandedOf,
  bandOf,
  type BandSet,
  holdsRevenue,
  isNoRevenue,
  unbandedOf,
} from './bands.ts';
import {
  anyValue,
  type Comparison,
  holdsValue,
  isNoValue,
  listedOf,
  prefixes,
  unlistedOf,
  type ValueSet,
  wholeValues,
} from './values.ts';

/** What rules go by. Revenue is in major units of the reporting currency. */
export interface TerritoryAccount {
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly industry?: string | undefined;
  readonly segment?: string | undefined;
  readonly annualRevenue?: number | undefined;
}

/** The criteria whose values a rule lists, by the account’s field: where the rule has them, and how they compare. */
export const listed = [
  { field: 'country', list: 'countries', comparison: wholeValues },
  { field: 'region', list: 'regions', comparison: wholeValues },
  { field: 'postalCode', list: 'postalCodePrefixes', comparison: prefixes },
  { field: 'industry', list: 'industries', comparison: wholeValues },
  { field: 'segment', list: 'segments', comparison: wholeValues },
] as const satisfies readonly {
  readonly field: keyof TerritoryAccount;
  readonly list: keyof TerritoryRule;
  readonly comparison: Comparison;
}[];

export type ListedField = (typeof listed)[number]['field'];
export type Criterion = ListedField | 'revenue';

/** What a rule asks for, comparable; criteria that it does not give are absent. */
export interface Criteria {
  readonly lists: ReadonlyMap<ListedField, ReadonlySet<string>>;
  readonly band: Band | undefined;
}

export const criteriaOf = (rule: TerritoryRule): Criteria => ({
  lists: new Map(
    listed.flatMap(({ field, list, comparison }) => {
      const values = rule[list];
      return values === undefined ? [] : [[field, new Set(values.map(comparison.keyOf))] as const];
    }),
  ),
  band: rule.revenue && bandOf(rule.revenue),
});

/** What rules go by, comparable: worked out once per account, however many rules it is held against. */
export interface AccountKeys {
  readonly keys: ReadonlyMap<ListedField, string>;
  readonly annualRevenue: number | undefined;
}

export const accountKeys = (account: TerritoryAccount): AccountKeys => ({
  keys: new Map(
    listed.flatMap(({ field, comparison }) => {
      const value = account[field];
      return value === undefined ? [] : [[field, comparison.keyOf(value)] as const];
    }),
  ),
  annualRevenue: account.annualRevenue,
});

/** The criteria that are given and don’t fit the account. A criterion never fits an account that tells nothing of it. */
export const misfits = (
  { lists, band }: Criteria,
  { keys, annualRevenue }: AccountKeys,
): readonly Criterion[] => [
  ...listed.flatMap(({ field, comparison }) => {
    const values = lists.get(field);
    const key = keys.get(field);
    const fits = values === undefined || (key !== undefined && comparison.covers(values, key));
    return fits ? [] : [field];
  }),
  ...(band === undefined || holdsRevenue({ unknown: false, bands: [band] }, annualRevenue)
    ? []
    : (['revenue'] as const)),
];

/** Accounts that are alike: of each criterion a set, and all that lie in every one of them. */
export type Area = Readonly<Record<ListedField, ValueSet>> & { readonly revenue: BandSet };

export const everywhere: Area = {
  country: anyValue,
  region: anyValue,
  postalCode: anyValue,
  industry: anyValue,
  segment: anyValue,
  revenue: anyRevenue,
};

export const holdsAccount = (area: Area, { keys, annualRevenue }: AccountKeys): boolean =>
  listed.every(({ field, comparison }) => holdsValue(area[field], keys.get(field), comparison)) &&
  holdsRevenue(area.revenue, annualRevenue);

/** The part of the area that the rule fits; undefined where there is none. */
export const fittedPart = (area: Area, { lists, band }: Criteria): Area | undefined => {
  let part = area;
  for (const { field, comparison } of listed) {
    const values = lists.get(field);
    if (values === undefined) continue;
    const within = listedOf(part[field], values, comparison);
    if (isNoValue(within)) return undefined;
    part = { ...part, [field]: within };
  }
  if (band === undefined) return part;
  const revenue = bandedOf(part.revenue, band);
  return isNoRevenue(revenue) ? undefined : { ...part, revenue };
};

/** What is left of the area without the part that the rule fits: areas that share no account. */
export const unfittedParts = (area: Area, { lists, band }: Criteria): readonly Area[] => {
  const parts: Area[] = [];
  let rest = area;
  for (const { field, comparison } of listed) {
    const values = lists.get(field);
    if (values === undefined) continue;
    const outside = unlistedOf(rest[field], values, comparison);
    if (!isNoValue(outside)) parts.push({ ...rest, [field]: outside });
    rest = { ...rest, [field]: listedOf(rest[field], values, comparison) };
  }
  if (band === undefined) return parts;
  const revenue = unbandedOf(rest.revenue, band);
  return isNoRevenue(revenue) ? parts : [...parts, { ...rest, revenue }];
};
