import * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { KpiAnswer, ScopeKind } from '../../../shared/kpis/kpi.ts';
import type { Scope } from './scope.ts';

export const Cut = z.enum([
  'rep',
  'team',
  'territory',
  'product',
  'industry',
  'account',
  'month',
  'source',
  'store',
]);
export type Cut = z.infer<typeof Cut>;

/** The kind of scope that the rows are of: months are of the scope itself. */
export const rowKind = (scope: Scope, by: Cut): ScopeKind => (by === 'month' ? scope.kind : by);

/**
 * Counters are kept per scope, not per pair of scopes: the organization can be cut any way, a team by its members, and
 * anything by month. Throws `Unprocessable`, which says what is possible.
 */
export const assertPossible = (scope: Scope, by: Cut): void => {
  if (scope.kind === 'org' || by === 'month' || (scope.kind === 'team' && by === 'rep')) return;
  const possible = scope.kind === 'team' ? 'by=rep or by=month' : 'by=month';
  throw new Unprocessable(
    `A ${scope.kind} can’t be broken down by ${by}; ${possible} is possible, and any cut of scope=org.`,
    [{ in: 'query', path: '/by', message: `must be ${possible.replaceAll('by=', '')} for this scope` }],
  );
};

export interface Row {
  readonly key: string;
  readonly name?: string;
  readonly kpis: Readonly<Record<string, KpiAnswer>>;
}

const labelOf = ({ name, key }: Row): string => name ?? key;

/** By the KPI, largest first, what has no value last; ties by name. Months stay in their order. */
export const sortedRows = (rows: readonly Row[], by: Cut, kpi: string): Row[] => {
  if (by === 'month') return rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const valueOf = (row: Row): number => row.kpis[kpi]?.value ?? -Infinity;
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left !== right) return right > left ? 1 : -1;
    return labelOf(a) < labelOf(b) ? -1 : 1;
  });
};
