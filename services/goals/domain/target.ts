import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Kpi } from '../../../shared/kpis/kpi.ts';
import { Currency, Money } from '../../../shared/money/money.ts';

/** Against which period growth is measured: the one just before, or the same one a year earlier. */
export const GrowthOver = z.enum(['previous', 'sameLastYear']);
export type GrowthOver = z.infer<typeof GrowthOver>;

/** A target as it is asked for. */
export const TargetInput = z.union([
  z.number(),
  Money,
  z.strictObject({
    growth: z.number().describe('0.2 for 20 % more than the baseline; negative where lower is better.'),
    over: GrowthOver.describe('The period that gives the baseline, which is frozen now.'),
  }),
]);
export type TargetInput = z.infer<typeof TargetInput>;

export const Direction = z.enum(['higher', 'lower']);
export type Direction = z.infer<typeof Direction>;

/** A target as it is kept: one number, in the KPI's unit (money in minor units of `currency`), with how it came about. */
export const frozenTarget = z.object({
  unit: z.enum(['money', 'count', 'ratio', 'days']),
  target: z.number(),
  currency: Currency.optional(),
  direction: Direction,
  /** What growth is measured from, or where the way down to a lower value begins. */
  baseline: z.number().optional(),
  growth: z.object({ share: z.number(), over: GrowthOver, period: z.string() }).optional(),
});
export type FrozenTarget = z.infer<typeof frozenTarget>;

export interface TargetContext {
  readonly kpi: Kpi;
  readonly direction: Direction;
  readonly reportingCurrency: Currency;
  /** The KPI's value over a former period; null where it had none. Asked for only where a baseline is needed. */
  readonly baseline?: { readonly period: string; readonly value: number | null } | undefined;
}

const wrong = (message: string, path = '/target'): Unprocessable =>
  new Unprocessable(`The target can’t be set: ${message}.`, [{ path, message } satisfies InputError]);

/** Whether the KPI grows from zero over its period, as sums and counts do; ratios, averages and stocks don't. */
export const accumulates = ({ additive, date }: Pick<Kpi, 'additive' | 'date'>): boolean =>
  additive && date !== 'now';

const examples: Readonly<Record<Kpi['unit'], string>> = {
  money: '{ "amount": 10000000, "currency": "USD" }, in minor units',
  count: 'a whole number such as 40',
  ratio: 'a share from 0 to 1, such as 0.55',
  days: 'a number of days such as 30',
};

const rounded = (unit: Kpi['unit'], value: number): number =>
  unit === 'money' || unit === 'count' ? Math.round(value) : Number(value.toFixed(6));

/** The plain number of an absolute target. @throws Unprocessable */
const absolute = (target: number | Money, { kpi, reportingCurrency }: TargetContext): number => {
  if (kpi.unit === 'money') {
    if (typeof target === 'number')
      throw wrong(`${kpi.id} is money: write it as ${examples.money.replace('USD', reportingCurrency)}`);
    if (target.currency !== reportingCurrency)
      throw wrong(
        `must be in ${reportingCurrency}, the organization’s reporting currency`,
        '/target/currency',
      );
    return target.amount;
  }
  if (typeof target !== 'number') throw wrong(`${kpi.id} is no money: write ${examples[kpi.unit]}`);
  if (kpi.unit === 'count' && !Number.isInteger(target)) throw wrong(`must be ${examples.count}`);
  if (kpi.unit === 'ratio' && target > 1) throw wrong(`must be ${examples.ratio}`);
  return target;
};

/** What growth over the baseline, or the way down from it, comes to. @throws Unprocessable */
const grown = (
  share: number,
  context: TargetContext,
): { readonly target: number; readonly baseline: number } => {
  const { kpi, direction, baseline } = context;
  if (direction === 'higher' ? share <= 0 : share >= 0 || share <= -1)
    throw wrong(
      direction === 'higher' ? 'must be more than 0, such as 0.2' : 'must be between -1 and 0, such as -0.1',
      '/target/growth',
    );
  if (baseline?.value == null || baseline.value <= 0)
    throw wrong(
      `there is no ${kpi.id} in ${baseline?.period ?? 'the former period'} to grow from`,
      '/target/over',
    );
  return { target: rounded(kpi.unit, baseline.value * (1 + share)), baseline: baseline.value };
};

/**
 * The target that is asked for, with its baseline frozen. Throws Unprocessable for a target that is not above zero, of the
 * wrong kind or currency, over an empty baseline, or in a direction that the KPI can't be measured in.
 */
export const freezeTarget = (input: TargetInput, context: TargetContext): FrozenTarget => {
  const { kpi, direction, reportingCurrency, baseline } = context;
  if (direction === 'lower' && (accumulates(kpi) || kpi.date === 'now'))
    throw wrong(
      `${kpi.id} starts at zero; lower can be better for ratios, averages and days only`,
      '/direction',
    );
  const unit = { unit: kpi.unit, direction, ...(kpi.unit === 'money' && { currency: reportingCurrency }) };
  if (typeof input === 'object' && 'growth' in input) {
    const growth = { share: input.growth, over: input.over, period: baseline?.period ?? '' };
    return { ...unit, ...grown(input.growth, context), growth };
  }
  const target = absolute(input, context);
  if (target <= 0) throw wrong('must be more than 0');
  if (direction === 'higher') return { ...unit, target };
  if (baseline?.value == null || baseline.value <= target)
    throw wrong(
      `must be below the value of ${baseline?.period ?? 'the period before'}, where the way down begins`,
    );
  return { ...unit, target, baseline: baseline.value };
};
