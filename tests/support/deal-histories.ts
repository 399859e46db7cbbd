import fc from 'fast-check';
import { DealState } from '../../shared/events/deals.ts';
import { deal, eur, id } from './sample-facts.ts';

/** One thing that may happen to a deal. Numbers pick days, people and amounts. */
type Step =
  | { readonly kind: 'edit' | 'win' | 'lose' | 'refund'; readonly day: number; readonly amount: number }
  | { readonly kind: 'transfer'; readonly credits: readonly (readonly [member: number, weight: number])[] }
  | { readonly kind: 'move'; readonly place: number }
  | { readonly kind: 'reopen' | 'delete' | 'canary' };

const amount = fc.integer({ min: 0, max: 100_000 });
const day = fc.integer({ min: 1, max: 4 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('edit', 'win', 'win', 'lose', 'refund', 'refund'), day, amount }),
  fc.record({
    kind: fc.constant('transfer'),
    credits: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 3,
      selector: ([member]) => member,
    }),
  }),
  fc.record({ kind: fc.constant('move'), place: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constantFrom('reopen', 'delete', 'canary') }),
);

const noonOf = (n: number): string => `2026-11-0${String(n)}T12:00:00.000Z`;

/** Members 1 and 2 are in team 1, member 3 in team 2, both below team 9. */
const creditsOf = (weights: readonly (readonly [number, number])[]) => {
  const whole = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const points = weights.map(([, weight]) => Math.floor((weight * 10_000) / whole));
  const rest = 10_000 - points.reduce((sum, each) => sum + each, 0);
  return weights.map(([member], index) => ({
    memberId: id('mem', member),
    basisPoints: (points[index] ?? 0) + (index === 0 ? rest : 0),
    teamPath: [id('team', member < 3 ? 1 : 2), id('team', 9)],
  }));
};

const linesOf = (whole: number) => {
  const line = (product: number, part: number) => ({
    productId: id('prod', product),
    quantity: 1,
    unitPrice: eur(part),
    amount: eur(part),
  });
  return whole % 3 === 0 ? [] : [line(1, Math.floor(whole / 3)), line(2, whole - Math.floor(whole / 3))];
};

const after = (before: DealState, step: Step): DealState => {
  const changed = (over: Readonly<Record<string, unknown>>): DealState =>
    DealState.parse({ ...before, ...over });
  switch (step.kind) {
    case 'edit':
      return changed({
        amount: eur(step.amount),
        reportingAmount: eur(step.amount),
        lineItems: linesOf(step.amount),
        startedAt: step.day === 4 ? undefined : noonOf(step.day),
      });
    case 'win':
      return changed({ status: 'won', closedAt: noonOf(step.day + 3) });
    case 'lose':
      return changed({ status: 'lost', closedAt: noonOf(step.day + 3), adjustments: [] });
    case 'reopen':
      return changed({ status: 'open', closedAt: undefined, adjustments: [] });
    case 'delete':
      return changed({ deleted: true });
    case 'transfer':
      return changed({ attribution: { ...before.attribution, credits: creditsOf(step.credits) } });
    case 'move':
      return changed({
        attribution: { ...before.attribution, territoryPath: [id('ter', step.place), id('ter', 9)] },
        source: step.place === 1 ? undefined : 'fair & expo #2',
      });
    case 'canary':
      return changed({ source: 'canary' });
    case 'refund': {
      if (before.status !== 'won') return before;
      const back = eur(-step.amount);
      const adjustment = {
        id: id('adj', before.adjustments.length + 1),
        kind: 'refund',
        amount: back,
        reportingAmount: back,
        at: noonOf(step.day + 4),
        reason: 'returned',
      };
      return changed({ adjustments: [...before.adjustments, adjustment] });
    }
  }
};

export interface Version {
  readonly epoch: number;
  readonly version: number;
  readonly state: DealState;
}

/** Deals with every version they went through; the last of each is what counts. */
export const histories: fc.Arbitrary<readonly (readonly Version[])[]> = fc
  .array(fc.array(steps, { maxLength: 6 }), { minLength: 1, maxLength: 4 })
  .map((deals) =>
    deals.map((changes, index) => {
      const states = [deal({ id: id('deal', index + 1), name: `Deal ${String(index + 1)}` })];
      for (const step of changes) states.push(after(states.at(-1) ?? deal(), step));
      // Restored from a backup halfway: the epoch rises, and the version may start lower again.
      const restoredAt = changes.length > 3 ? 3 : Infinity;
      return states.map((state, n) =>
        n < restoredAt ? { epoch: 0, version: n + 1, state } : { epoch: 1, version: n, state },
      );
    }),
  );
