import type { OrganizationState } from '../../../shared/events/team.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { findKpi } from '../../../shared/kpis/catalogue.ts';
import type { KpiId } from '../../../shared/kpis/kpi.ts';
import { type Period, parsePeriod } from '../../../shared/time/period.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { formerPeriod } from '../domain/former-period.ts';
import { freezeTarget, type Direction, type FrozenTarget, type TargetInput } from '../domain/target.ts';
import type { Buckets } from '../store/buckets.ts';

interface Wanted {
  readonly scope: string;
  readonly kpi: KpiId;
  readonly period: Period;
  readonly target: TargetInput;
  readonly direction: Direction;
}

/** The target with its baseline as the buckets have it now. @throws Unprocessable */
export const targetOf = async (
  { scope, kpi: kpiId, period, target, direction }: Wanted,
  organization: OrganizationState,
  buckets: Buckets,
): Promise<FrozenTarget> => {
  const kpi = findKpi(kpiId);
  if (kpi === undefined) throw new TypeError(`${kpiId} is not in the catalogue.`);
  const { reportingCurrency } = organization;
  const over = typeof target === 'object' && 'over' in target ? target.over : undefined;
  if (over !== undefined && kpi.date === 'now')
    throw new Unprocessable(`${kpiId} is a number as of now: it has no former period to grow from.`, [
      { path: '/target/over', message: 'must be left out; give an absolute target instead' },
    ]);
  const context = { kpi, direction, reportingCurrency };
  if (over === undefined && direction === 'higher') return freezeTarget(target, context);
  const former = formerPeriod(period, over ?? 'previous', organization);
  const currency = kpi.unit === 'money' ? reportingCurrency : undefined;
  const totals = await buckets.totals({ scope, period: former, asOfNow: false, currency });
  const { value } = kpi.compute(totals, reportingCurrency);
  return freezeTarget(target, { ...context, baseline: { period: former.text, value } });
};

/** The period by the organization's calendar. Throws Unprocessable for one that makes no sense, or is over. */
export const runningPeriod = (text: string, organization: OrganizationState, today: Day): Period => {
  const period = parsePeriod(text, organization);
  if (period.to <= today)
    throw new Unprocessable(`The period ${text} is over.`, [
      { path: '/period', message: `must not have ended before today, ${today}` },
    ]);
  return period;
};
