import type { Mover } from '../../../shared/events/metrics.ts';
import type { Fact } from './fact.ts';

/** As many as an e-mail can show. */
const MAX_MOVERS = 10;

/** What became of the deal or order between two versions of it, in one word for people. */
export const changeBetween = (old: Fact | undefined, next: Fact): Mover['change'] => {
  const was = old?.state;
  switch (next.state) {
    case 'deleted':
      return 'deleted';
    case 'won':
    case 'lost':
    case 'paid':
    case 'cancelled':
      if (was !== next.state) return next.state;
      break;
    case 'open':
      if (was === 'won' || was === 'lost') return 'reopened';
      break;
    case 'unpaid':
      break;
  }
  if (old === undefined) return 'created';
  return next.refunded > old.refunded ? 'refunded' : 'updated';
};

/** Those that moved won revenue most; several moves of one deal are one, under its latest change. */
export const largestMovers = (movers: readonly Mover[]): Mover[] => {
  const byId = new Map<string, Mover>();
  for (const mover of movers) {
    const wonRevenue = (byId.get(mover.id)?.wonRevenue ?? 0) + mover.wonRevenue;
    byId.set(mover.id, { ...mover, wonRevenue });
  }
  return [...byId.values()]
    .toSorted((a, b) => Math.abs(b.wonRevenue) - Math.abs(a.wonRevenue))
    .slice(0, MAX_MOVERS);
};
