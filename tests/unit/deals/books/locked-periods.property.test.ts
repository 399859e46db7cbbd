import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { adjust } from '../../../../services/deals/domain/adjustments.ts';
import type { Deal } from '../../../../services/deals/domain/deal.ts';
import { edit } from '../../../../services/deals/domain/deal-edits.ts';
import { lose, remove, reopen, win } from '../../../../services/deals/domain/deal-steps.ts';
import { type FxRates, rateOn } from '../../../../services/deals/domain/fx.ts';
import { isLocked, type LockedDays, withLocked } from '../../../../services/deals/domain/locked-days.ts';
import { defaultPipeline } from '../../../../services/deals/domain/pipeline.ts';
import { settledWrite, type SettlementSources } from '../../../../services/deals/settlement.ts';
import { contribution } from '../../../../services/metrics/domain/contribution.ts';
import { dealFact } from '../../../../services/metrics/domain/deal-fact.ts';
import type { Incoming } from '../../../../services/metrics/domain/fold.ts';
import { foldFacts } from '../../../../services/metrics/store/folding.ts';
import { defaultOrganization } from '../../../../shared/directory/organization.ts';
import { InvalidTransition, Unprocessable } from '../../../../shared/errors/errors.ts';
import { AdjustmentId, DealId, derivedId } from '../../../../shared/ids/id.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { monthOf, parsePeriod } from '../../../../shared/time/period.ts';
import { addDays, addMonths, dayOf } from '../../../../shared/time/zone.ts';
import { countersOfItems } from '../../../support/brute-force.ts';
import { fixedClock } from '../../../support/event-samples.ts';
import { InMemoryTable } from '../../../support/in-memory-table.ts';
import { at, day, directory, EUR, eur, ids, line, openDeal, USD, usd } from '../deals.fixture.ts';

const TIME_ZONE = 'America/New_York';
const organization = { ...defaultOrganization, timeZone: TIME_ZONE };
const settings = { timeZone: TIME_ZONE, reportingCurrency: 'USD' };
const START = day('2026-08-20');

type Step =
  | { readonly kind: 'win' | 'lose' | 'refund' | 'begin'; readonly deal: number; readonly daysAgo: number }
  | { readonly kind: 'reopen' | 'hand over' | 'edit' | 'rename' | 'delete'; readonly deal: number }
  | { readonly kind: 'set a rate' | 'pass days' | 'lock'; readonly days: number };

const which = fc.nat({ max: 2 });
const days = fc.nat({ max: 70 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'win' as const,
          'win' as const,
          'lose' as const,
          'refund' as const,
          'begin' as const,
        ),
        deal: which,
        daysAgo: days,
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'reopen' as const,
          'reopen' as const,
          'hand over' as const,
          'edit' as const,
          'rename' as const,
          'delete' as const,
        ),
        deal: which,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom('set a rate' as const, 'pass days' as const, 'lock' as const, 'lock' as const),
        days,
      }),
    },
  ),
  { maxLength: 25 },
);

type Counters = ReadonlyMap<string, number>;

const withoutZeros = (sums: Iterable<readonly [string, number]>): Counters =>
  new Map([...sums].filter(([, sum]) => sum !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Deals whose changes are written as the service writes them, and all that metrics is told of them. */
class Ledger {
  today = START;
  locked: LockedDays = [];
  readonly told: Incoming[] = [];
  readonly #deals: Deal[] = [eur(90_000), usd(50_000), eur(7)].map((amount, n) =>
    openDeal({
      id: derivedId(DealId, String(n)),
      accountId: ids.roma,
      amount,
      lineItems: n === 1 ? [line(20_000), line(30_000, ids.penne)] : [],
      createdAt: at('2026-07-05T08:00:00Z'),
      startedAt: n === 2 ? at('2026-06-05T08:00:00Z') : undefined,
    }),
  );
  #rates: readonly FxRates[] = [];
  #version = 0;

  get now(): Instant {
    return at(`${this.today}T16:00:00Z`);
  }

  get sources(): SettlementSources {
    return {
      organization: () => organization,
      directory,
      account: () => ({ id: ids.roma, industry: 'restaurants', territoryId: ids.pacific }),
      rate: (question) => rateOn(this.#rates, question),
    };
  }

  async open(): Promise<void> {
    for (const [n, deal] of this.#deals.entries()) await this.#write(n, undefined, deal);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'pass days':
        this.today = addDays(this.today, step.days);
        return;
      case 'lock': {
        // The month before that so many days ago; what is past already.
        const month = monthOf(addMonths(addDays(this.today, -step.days), -1));
        this.locked = withLocked(this.locked, parsePeriod(month, organization));
        return;
      }
      case 'set a rate': {
        const on = addDays(this.today, -step.days);
        this.#rates = [...this.#rates, { id: on, day: on, base: USD, rates: { [EUR]: '1.5' } }];
        // As the job does.
        for (const [n, deal] of this.#deals.entries())
          if (deal.awaitingRate) await this.#write(n, deal, { ...deal });
        return;
      }
      default: {
        const deal = this.#deals[step.deal];
        if (deal === undefined || deal.deleted) return;
        try {
          await this.#write(step.deal, deal, this.#changed(deal, step));
        } catch (error) {
          if (!(error instanceof InvalidTransition || error instanceof Unprocessable)) throw error;
        }
      }
    }
  }

  #changed(deal: Deal, step: Extract<Step, { readonly deal: number }>): Deal {
    const { now } = this;
    const ago = (n: number) => at(`${addDays(this.today, -n)}T15:00:00Z`);
    switch (step.kind) {
      case 'win':
        return win(deal, { at: ago(step.daysAgo), now });
      case 'lose':
        return lose(deal, { at: ago(step.daysAgo), now, reason: 'price', pipeline: defaultPipeline });
      case 'refund': {
        const id = derivedId(AdjustmentId, String(this.#version));
        const amount = { amount: 1, currency: deal.amount.currency };
        return adjust(deal, { id, kind: 'refund', amount, at: ago(step.daysAgo), reason: 'wet' }, now);
      }
      case 'begin':
        return edit(deal, { startedAt: ago(step.daysAgo) }, { now, pipeline: defaultPipeline });
      case 'reopen':
        return reopen(deal, { reason: 'They called back', now, pipeline: defaultPipeline });
      case 'hand over':
        return edit(
          deal,
          { ownerId: deal.ownerId === ids.ada ? ids.bob : ids.ada },
          { now, pipeline: defaultPipeline },
        );
      case 'edit':
        return edit(
          deal,
          { amount: { ...deal.amount, amount: deal.amount.amount + 1_000 } },
          { now, pipeline: defaultPipeline },
        );
      case 'rename':
        return edit(
          deal,
          { name: `${deal.name.slice(0, 50)}!`, source: 'fair' },
          { now, pipeline: defaultPipeline },
        );
      case 'delete':
        return remove(deal, now);
    }
  }

  async #write(n: number, from: Deal | undefined, to: Deal): Promise<void> {
    const { locked, now, sources } = this;
    const check = { check: { pk: 'books', sk: 'state' }, condition: { kind: 'absent' } } as const;
    const books = { of: async () => Promise.resolve({ locked, check }) };
    const { deal } = await settledWrite(to, { from, sources, books, now });
    this.#deals[n] = deal;
    this.#version += 1;
    const fact = dealFact(deal, { epoch: 0, version: this.#version }, settings);
    this.told.push({ fact, cause: { correlationId: 'test', actor: 'system' } });
  }

  /** What all deals count, by bucket and name. */
  counters(deals: readonly Deal[] = this.#deals): Counters {
    const sums = new Map<string, number>();
    for (const deal of deals)
      for (const { address, add } of contribution(
        dealFact(deal, { epoch: 0, version: 1 }, settings),
      ).values())
        for (const [name, by] of Object.entries(add)) {
          const key = `${address.dimension}:${address.key}#${address.day ?? ''} ${name}`;
          sums.set(key, (sums.get(key) ?? 0) + by);
        }
    return withoutZeros(sums);
  }

  ofLockedDays(locked: LockedDays): Counters {
    return withoutZeros(
      [...this.counters()].filter(([key]) => {
        const [on] = /(?<=#)\d{4}-\d{2}-\d{2}/.exec(key) ?? [];
        return on !== undefined && isLocked(locked, at(`${on}T16:00:00Z`), TIME_ZONE);
      }),
    );
  }

  /** Whatever the day: as the deals would count if nothing had ever been locked, and as they do. */
  totals(): { readonly truth: Counters; readonly counted: Counters } {
    const plain = this.#deals.map(
      ({ bookedAt: _at, createdBookedAt: _created, booked: _booked, adjustments, ...deal }): Deal => ({
        ...deal,
        adjustments: adjustments.map(({ bookedAt: _bookedAt, ...adjustment }) => adjustment),
      }),
    );
    const overDays = (counters: Counters): Counters => {
      const sums = new Map<string, number>();
      for (const [key, value] of counters) {
        const name = key.replace(/#\d{4}-\d{2}-\d{2} /, ' ');
        sums.set(name, (sums.get(name) ?? 0) + value);
      }
      return withoutZeros(sums);
    };
    return { truth: overDays(this.counters(plain)), counted: overDays(this.counters()) };
  }
}

describe('a locked period', () => {
  test.prop([steps], { numRuns: 150 })(
    'never changes, and all periods together still add up to what is true of the deals',
    async (taken) => {
      const ledger = new Ledger();
      await ledger.open();
      for (const step of taken) {
        const { locked } = ledger;
        const before = ledger.ofLockedDays(locked);
        await ledger.take(step);
        expect(ledger.ofLockedDays(locked)).toEqual(before);
        const { truth, counted } = ledger.totals();
        expect(counted).toEqual(truth);
      }
    },
  );

  test.prop([steps, fc.infiniteStream(fc.nat()), fc.constantFrom(100, 18)], { numRuns: 40 })(
    'is folded into the same counters in whatever order metrics is told',
    async (taken, random, maxItems) => {
      const ledger = new Ledger();
      await ledger.open();
      for (const step of taken) await ledger.take(step);
      const table = new InMemoryTable({ clock: fixedClock });
      const shuffled = ledger.told
        .map((incoming) => [Number(random.next().value), incoming] as const)
        .toSorted(([a], [b]) => a - b);
      for (const [, incoming] of shuffled) await foldFacts(table, [incoming], { maxItems });
      const folded = [...countersOfItems(table.items())].flatMap(([bucket, sums]) =>
        Object.entries(sums).map(([name, value]) => [`${bucket} ${name}`, value] as const),
      );
      expect(withoutZeros(folded)).toEqual(ledger.counters());
    },
  );

  test.prop([fc.array(fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 5 })), { maxLength: 12 })])(
    'joins its neighbours, whatever is locked first',
    (months) => {
      const ranges = months.map(([from, length]) => ({
        from: addMonths(day('2025-01-01'), from),
        to: addMonths(day('2025-01-01'), from + length + 1),
      }));
      const locked = ranges.reduce<LockedDays>(withLocked, []);
      expect(ranges.toReversed().reduce<LockedDays>(withLocked, [])).toEqual(locked);
      for (let n = 0; n < 30; n += 1) {
        const middle = addDays(addMonths(day('2025-01-01'), n), 14);
        const isCovered = ranges.some(({ from, to }) => from <= middle && middle < to);
        expect(isLocked(locked, at(`${middle}T12:00:00Z`), TIME_ZONE)).toBe(isCovered);
      }
      for (const [index, { from }] of locked.slice(1).entries())
        expect(from > (locked[index]?.to ?? from)).toBe(true);
      expect(dayOf(at('2026-01-01T03:00:00Z'), TIME_ZONE)).toBe('2025-12-31');
    },
  );
});
