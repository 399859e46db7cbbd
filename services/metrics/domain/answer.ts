import { Unprocessable } from '../../../shared/errors/errors.ts';
import { kpis } from '../../../shared/kpis/catalogue.ts';
import type { Kpi, KpiAnswer, KpiId, ScopeKind } from '../../../shared/kpis/kpi.ts';
import type { Totals } from '../../../shared/kpis/totals.ts';

/** The KPIs asked for, or all that make sense for the kind of scope. Throws `Unprocessable` for one that does not. */
export const kpisFor = (kind: ScopeKind, asked: readonly KpiId[] | undefined): readonly Kpi[] => {
  const possible = kpis.filter(({ scopes }) => scopes.includes(kind));
  if (asked === undefined) return possible;
  const wrong = asked.filter((id) => !possible.some((kpi) => kpi.id === id));
  if (wrong.length > 0) {
    const names = possible.map(({ id }) => id).join(', ');
    throw new Unprocessable(`${wrong.join(', ')}: not kept for a scope of the kind ${kind}.`, [
      { in: 'query', path: '/kpis', message: `must be of ${names}` },
    ]);
  }
  return [...new Set(asked)].flatMap((id) => possible.find((kpi) => kpi.id === id) ?? []);
};

/** Whether any of them is as of now, so that the numbers without a day are needed. */
export const needsOpen = (asked: readonly Kpi[]): boolean => asked.some(({ date }) => date === 'now');

export const answersOf = (
  asked: readonly Kpi[],
  totals: Totals,
  currency: string,
): Record<string, KpiAnswer> =>
  Object.fromEntries(asked.map((kpi) => [kpi.id, kpi.compute(totals, currency)]));

/** A month has no "now" of its own. */
export const withoutNow = (
  asked: readonly Kpi[],
  answers: Readonly<Record<string, KpiAnswer>>,
): Record<string, KpiAnswer> =>
  Object.fromEntries(
    Object.entries(answers).map(([id, answer]) =>
      asked.some((kpi) => kpi.id === id && kpi.date === 'now')
        ? [
            id,
            {
              ...answer,
              value: null,
              numerator: null,
              denominator: null,
              n: 0,
              reason: 'As of now; a month has none of its own.',
            },
          ]
        : [id, answer],
    ),
  );
