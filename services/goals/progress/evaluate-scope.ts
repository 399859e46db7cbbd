import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import type { Mover } from '../../../shared/events/metrics.ts';
import type { KpiId } from '../../../shared/kpis/kpi.ts';
import type { Totals } from '../../../shared/kpis/totals.ts';
import type { Clock, Day, Instant } from '../../../shared/time/instant.ts';
import { alertOf } from '../domain/alert.ts';
import { kpiOf, periodOfGoal, type Reading, readGoal } from '../domain/attainment.ts';
import { stepOf } from '../domain/evaluate.ts';
import type { Goal } from '../domain/goal.ts';
import { paceOf } from '../domain/pace.ts';
import type { Buckets, TotalsQuery } from '../store/buckets.ts';
import { type Crossed, type GoalStore, untilUnmoved } from '../store/goals.ts';
import type { Watch } from '../store/watches.ts';

export const totalsQueryOf = (goal: Goal): TotalsQuery => {
  const { unit, date } = kpiOf(goal);
  return {
    scope: goal.scope,
    period: periodOfGoal(goal),
    asOfNow: date === 'now',
    currency: unit === 'money' ? goal.currency : undefined,
  };
};

/** The buckets of a scope that moved. `days` lacks those of numbers that have no day: `isOpen` tells of them. */
export interface ScopeChange {
  readonly scope: string;
  readonly days: ReadonlySet<Day>;
  readonly isOpen: boolean;
  /** With the day of the bucket that they moved. */
  readonly movers: readonly { readonly day: Day | undefined; readonly mover: Mover }[];
}

const MOST_MOVERS = 5;

const ORDER_KPIS: ReadonlySet<KpiId> = new Set(['ordersCount', 'averageOrderValue']);

/** Revenue comes from deals and orders alike; every other number from one of them. */
const moves = ({ kind, wonRevenue }: Mover, kpi: KpiId): boolean =>
  kpi === 'wonRevenue' ? wonRevenue !== 0 : ORDER_KPIS.has(kpi) === (kind === 'order');

const concerns = ({ days, isOpen }: ScopeChange, { from, to, asOfNow }: Watch): boolean =>
  asOfNow ? isOpen : [...days].some((day) => from <= day && day < to);

/** The largest of what moved the goal's period: each deal or order once, with the latest that happened to it. */
const moversOf = ({ movers }: ScopeChange, { from, to, asOfNow }: Watch, kpi: KpiId): readonly Mover[] => {
  const within = movers.filter(({ day }) =>
    day === undefined ? asOfNow : !asOfNow && from <= day && day < to,
  );
  const byId = new Map<string, Mover>();
  for (const { mover } of within) {
    const wonRevenue = (byId.get(mover.id)?.wonRevenue ?? 0) + mover.wonRevenue;
    byId.set(mover.id, { ...mover, wonRevenue });
  }
  return [...byId.values()]
    .filter((mover) => moves(mover, kpi))
    .toSorted((a, b) => Math.abs(b.wonRevenue) - Math.abs(a.wonRevenue))
    .slice(0, MOST_MOVERS);
};

export interface Evaluator {
  readonly store: GoalStore;
  readonly buckets: Buckets;
  readonly clock: Clock;
  readonly organization: OrganizationState;
  readonly correlationId: string;
  /** Whether what is passed now is only recorded. */
  readonly quiet?: boolean | undefined;
  /** Told of each crossing once it is recorded. */
  readonly onCrossed: (crossed: Crossed) => void;
}

/** A stock, such as open deals, is judged while its period runs; what happened in a period counts for good. */
const isJudged = (goal: Goal, { elapsed }: Reading): boolean =>
  kpiOf(goal).date !== 'now' || (elapsed > 0 && elapsed < 1);

/** The crossing that the totals mean for the goal, with its ledger entry; undefined where nothing is crossed. */
export const crossedBy = <T extends Goal>(
  goal: T,
  totals: Totals,
  movers: readonly Mover[],
  now: Instant,
  { organization, correlationId }: Pick<Evaluator, 'organization' | 'correlationId'>,
  options: { readonly announce?: boolean } = {},
) => {
  const reading = readGoal(goal, totals, { now, timeZone: organization.timeZone });
  const step = isJudged(goal, reading) ? stepOf(goal, reading, now, options) : undefined;
  if (step === undefined) return undefined;
  const pace = paceOf(goal, reading, now, organization);
  const alert = alertOf(goal, step.crossing, { reading, pace, movers, at: now, correlationId });
  return { ...step, alert };
};

/**
 * Evaluates the active goals whose period a moved bucket lies in, and records what they cross. Its buckets must have been
 * kept before. Reads the totals of each period once. Repeating it changes nothing.
 */
export const evaluateScope = async (change: ScopeChange, evaluator: Evaluator): Promise<void> => {
  const { store, buckets, clock } = evaluator;
  await store.watches.advance(change.scope);
  await untilUnmoved(async () => {
    const { sequence, watches } = await store.watches.of(change.scope);
    const concerned = new Map(
      watches.filter((watch) => concerns(change, watch)).map((watch) => [watch.goalId, watch]),
    );
    if (concerned.size === 0) return true;
    const goals = await store.goals.getMany([...concerned.keys()]);
    const totals = oncePerQuery(buckets);
    const now = clock.now();
    const crossed: Crossed[] = [];
    for (const goal of goals.values()) {
      const watch = concerned.get(goal.id);
      if (watch === undefined || goal.status !== 'active') continue;
      const found = crossedBy<Stored<Goal>>(
        goal,
        await totals(totalsQueryOf(goal)),
        moversOf(change, watch, goal.kpi),
        now,
        evaluator,
        { announce: evaluator.quiet !== true },
      );
      if (found !== undefined) crossed.push(found);
    }
    const recorded = await store.record(change.scope, crossed, sequence);
    recorded.forEach(evaluator.onCrossed);
    return recorded.length === crossed.length ? true : undefined;
  });
};

const oncePerQuery = (buckets: Buckets) => {
  const known = new Map<string, Promise<Totals>>();
  return async (query: TotalsQuery): Promise<Totals> => {
    const key = JSON.stringify(query);
    const found = known.get(key) ?? buckets.totals(query);
    known.set(key, found);
    return found;
  };
};
