import type { TerritoryRule, TerritoryState } from '../events/team.ts';
import type { TerritoryId } from '../ids/id.ts';
import { accountKeys, type Criteria, criteriaOf, misfits, type TerritoryAccount } from './area.ts';

/** A rule in its place among all of them. */
export interface RankedRule {
  readonly territoryId: TerritoryId;
  /** Its place in its territory’s list. */
  readonly index: number;
  readonly rule: TerritoryRule;
  readonly criteria: Criteria;
}

const criteriaGiven = ({ lists, band }: Criteria): number => lists.size + (band === undefined ? 0 : 1);

/** By priority; of the same one, what asks for more comes first, then the territory’s id decides, so that the order is one. */
const byRank = (a: RankedRule, b: RankedRule): number =>
  a.rule.priority - b.rule.priority ||
  criteriaGiven(b.criteria) - criteriaGiven(a.criteria) ||
  (a.territoryId < b.territoryId ? -1 : a.territoryId > b.territoryId ? 1 : a.index - b.index);

/** The rules of all territories in the order in which they are asked. */
export const rankedRules = (
  territories: readonly Pick<TerritoryState, 'id' | 'rules'>[],
): readonly RankedRule[] =>
  territories
    .flatMap(({ id, rules = [] }) =>
      rules.map((rule, index) => ({ territoryId: id, index, rule, criteria: criteriaOf(rule) })),
    )
    .toSorted(byRank);

/** The first that fits. */
export const decidingRule = (
  ranked: readonly RankedRule[],
  account: TerritoryAccount,
): RankedRule | undefined => {
  const keys = accountKeys(account);
  return ranked.find(({ criteria }) => misfits(criteria, keys).length === 0);
};
