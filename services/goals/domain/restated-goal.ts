import type { FrozenRate } from '../../../shared/events/deals.ts';
import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import { convert } from '../../../shared/money/arithmetic.ts';
import type { Currency } from '../../../shared/money/money.ts';
import { parsePeriod } from '../../../shared/time/period.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { changesCurrency, changesFiscalYear } from '../../../shared/settings-change/what-changes.ts';
import { periodOfGoal } from './attainment.ts';
import type { Goal } from './goal.ts';

type Change = Pick<SettingsChangeData, 'before' | 'after'>;

/** Whether its target is money in the former reporting currency; ratios, counts and days are the same in every one. */
export const isRestated = ({ currency }: Pick<Goal, 'currency'>, change: Change): boolean =>
  changesCurrency(change) && currency === change.before.reportingCurrency;

/** Where the goal's quarter or year lies by the new calendar; undefined where it stays where it is. */
export const movedPeriod = (
  goal: Pick<Goal, 'period' | 'from' | 'to'>,
  change: Change,
): { readonly from: Day; readonly to: Day } | undefined => {
  const { kind, text } = periodOfGoal(goal);
  if (!changesFiscalYear(change) || (kind !== 'quarter' && kind !== 'year')) return undefined;
  const { from, to } = parsePeriod(text, change.after);
  return from === goal.from && to === goal.to ? undefined : { from, to };
};

/** Baselines of averages are no whole minor units. Half to even, as all money. */
const converted = (amount: number, from: Currency, rate: FrozenRate): number =>
  convert({ amount: Math.round(amount), currency: from }, rate.rate, rate.currency).amount;

const inNewCurrency = (
  { target, baseline }: Goal,
  currency: Currency,
  rate: FrozenRate,
): Pick<Goal, 'target' | 'currency' | 'baseline'> => ({
  // A target of next to nothing stays one that can be reached.
  target: Math.max(1, converted(target, currency, rate)),
  currency: rate.currency,
  ...(baseline !== undefined && { baseline: converted(baseline, currency, rate) }),
});

/**
 * The goal by the new settings: money at the given rate, its quarter or year where the new calendar has it. That begins a
 * revision, in which nothing is standing until it is evaluated. The very same goal where nothing changes for it.
 * @throws TypeError for money without a rate
 */
export const restatedGoal = <T extends Goal>(
  goal: T,
  change: Change & Pick<SettingsChangeData, 'id' | 'rate'>,
  at: Instant,
): T => {
  const money = isRestated(goal, change);
  const moved = movedPeriod(goal, change);
  if (!money && moved === undefined) return goal;
  const { rate } = change;
  if (money && rate === undefined) throw new TypeError(`The goal ${goal.id} is money, and there is no rate.`);
  const { target, currency, baseline, from, to } = goal;
  return {
    ...goal,
    ...(money && rate !== undefined && inNewCurrency(goal, change.before.reportingCurrency, rate)),
    ...moved,
    revision: goal.revision + 1,
    standing: [],
    episode: 1,
    restated: {
      by: change.id,
      at,
      ...(money && rate && { rate }),
      before: { target, currency, baseline, from, to },
    },
  };
};
