import type { TerritoryRule } from '../events/team.ts';
import { type Criterion, listed, type TerritoryAccount } from './area.ts';

const SHOWN = 5;

const enumerated = (values: readonly string[]): string => {
  const more = values.length - SHOWN;
  return `${values.slice(0, SHOWN).join(', ')}${more > 0 ? ` or ${more} more` : ''}`;
};

const wanted = (rule: TerritoryRule, criterion: Criterion): string => {
  const list = listed.find(({ field }) => field === criterion)?.list;
  if (list !== undefined)
    return `${criterion === 'postalCode' ? 'must begin with' : 'must be'} ${enumerated(rule[list] ?? [])}`;
  const { from, below } = rule.revenue ?? {};
  return [
    ...(from === undefined ? [] : [`must be at least ${from}`]),
    ...(below === undefined ? [] : [`must be less than ${below}`]),
  ].join(' and ');
};

/** What a criterion of the rule asks for, and what the account has instead. */
export const misfitText = (rule: TerritoryRule, account: TerritoryAccount, criterion: Criterion): string => {
  const value = account[criterion === 'revenue' ? 'annualRevenue' : criterion];
  return `${wanted(rule, criterion)}; the account’s is ${value ?? 'not known'}`;
};
