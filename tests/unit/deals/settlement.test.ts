import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { adjust } from '../../../services/deals/domain/adjustments.ts';
import { edit } from '../../../services/deals/domain/deal-edits.ts';
import { win } from '../../../services/deals/domain/deal-steps.ts';
import { type FxRates, rateOn } from '../../../services/deals/domain/fx.ts';
import { assertCountable } from '../../../services/deals/domain/valuation.ts';
import { defaultPipeline } from '../../../services/deals/domain/pipeline.ts';
import { settle, type SettlementSources } from '../../../services/deals/settlement.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import { AdjustmentId, derivedId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { addDays } from '../../../shared/time/zone.ts';
import { at, day, directory, EUR, eur, ids, NOW, openDeal, USD, usd } from './deals.fixture.ts';

const rates = (onDay: string, rate: string): FxRates => ({
  id: day(onDay),
  day: day(onDay),
  base: USD,
  rates: { [EUR]: rate },
});

const sources = (known: readonly FxRates[] = []): SettlementSources => ({
  organization: () => ({ ...defaultOrganization, timeZone: 'America/New_York' }),
  directory,
  account: () => ({ id: ids.roma, industry: 'restaurants', segment: 'small', territoryId: ids.pacific }),
  rate: (question) => rateOn(known, question),
});

describe('what a deal counts for', () => {
  const sharedBy = (people: number, depth: number) =>
    openDeal({
      attribution: {
        credits: Array.from({ length: people }, (_, person) => ({
          memberId: derivedId(MemberId, String(person)),
          basisPoints: 10_000 / people,
          teamPath: Array.from({ length: depth }, (_each, level) =>
            derivedId(TeamId, String(person), String(level)),
          ),
        })),
        territoryPath: [],
      },
    });

  it('fits one transaction of the counters: ten people under eight teams each do, under nine they do not', () => {
    expect(() => assertCountable(sharedBy(10, 8))).not.toThrow();
    expect(() => assertCountable(sharedBy(10, 9))).toThrow('95 are the most');
  });
});

describe('settling a deal', () => {
  it('credits the teams that held at the close, not those of today', async () => {
    const sold = win(openDeal(), { at: at('2026-09-30T12:00:00Z'), now: NOW });
    const { attribution } = await settle(sold, sources(), NOW);
    expect(attribution).toEqual({
      credits: [{ memberId: ids.ada, basisPoints: 10_000, teamPath: [ids.northeast, ids.east] }],
      territoryPath: [ids.atlantic, ids.coasts],
    });
    const open = await settle(openDeal(), sources(), NOW);
    expect(open.attribution.credits[0]?.teamPath).toEqual([ids.west]);
  });

  it('takes the day of the close in the organization’s zone', async () => {
    // Late on 30 September in New York, though October has begun in UTC.
    const sold = win(openDeal(), { at: at('2026-10-01T03:00:00Z'), now: NOW });
    const settled = await settle(sold, sources(), NOW);
    expect(settled).toMatchObject({ frozenRate: { day: '2026-09-30' } });
    expect(settled.attribution.credits[0]?.teamPath[0]).toBe(ids.northeast);
  });

  it('prefers the deal’s territory to the account’s, and that to the owner’s', async () => {
    const territory = async (changes: object) =>
      (await settle(openDeal(changes), sources(), NOW)).attribution.territoryPath[0];
    expect(await territory({ accountId: ids.roma, territoryId: ids.coasts })).toBe(ids.coasts);
    expect(await territory({ accountId: ids.roma })).toBe(ids.pacific);
    expect(await territory({})).toBe(ids.atlantic);
  });

  it('closes without a rate: whom it counts for is frozen, its money waits for a rate of that day or before', async () => {
    const close = { at: at('2026-11-20T12:00:00Z'), now: NOW };
    const sold = win(openDeal({ amount: eur(100) }), close);
    const later = rates('2026-11-21', '1.1');
    const waiting = await settle(sold, sources([later]), NOW);
    expect(waiting).toMatchObject({
      status: 'won',
      awaitingRate: true,
      attribution: { territoryPath: [ids.atlantic, ids.coasts] },
    });
    expect(waiting).not.toHaveProperty('reportingAmount');
    expect(waiting).not.toHaveProperty('frozenRate');
    const handedOver = edit(waiting, { ownerId: ids.bob }, { now: NOW, pipeline: defaultPipeline });
    const valued = await settle(handedOver, sources([later, rates('2026-11-18', '2')]), NOW);
    expect(valued).toMatchObject({
      reportingAmount: usd(200),
      frozenRate: { day: '2026-11-18', rate: '2', isEarlier: true },
      attribution: waiting.attribution,
    });
    expect(valued).not.toHaveProperty('awaitingRate');
    expect(await settle(openDeal({ amount: eur(100) }), sources(), NOW)).not.toHaveProperty(
      'reportingAmount',
    );
  });

  it('says of a rate whether it is the day’s own', async () => {
    const sold = win(openDeal({ amount: eur(100) }), { at: at('2026-11-20T12:00:00Z'), now: NOW });
    const settled = await settle(sold, sources([rates('2026-11-20', '1.1')]), NOW);
    expect(settled.frozenRate).toEqual({ currency: USD, rate: '1.1', day: '2026-11-20' });
  });

  it('values refunds of a deal that waited together with it', async () => {
    const sold = win(openDeal({ amount: eur(100_00) }), { at: at('2026-11-20T12:00:00Z'), now: NOW });
    const waiting = await settle(sold, sources(), NOW);
    const refund = {
      id: derivedId(AdjustmentId, 'one'),
      kind: 'refund',
      amount: eur(50_00),
      at: NOW,
      reason: 'wet',
    } as const;
    const refunded = await settle(adjust(waiting, refund, NOW), sources(), NOW);
    expect(refunded.adjustments).toMatchObject([{ amount: eur(-50_00), reportingAmount: usd(0) }]);
    const valued = await settle(refunded, sources([rates('2026-11-20', '1.1')]), NOW);
    expect(valued).toMatchObject({
      reportingAmount: usd(110_00),
      adjustments: [{ reportingAmount: usd(-55_00) }],
    });
  });

  test.prop([fc.boolean(), fc.constantFrom(ids.ada, ids.bob), fc.string({ minLength: 1, maxLength: 50 })])(
    'moves nothing that was frozen, whatever is edited afterwards',
    async (isShared, ownerId, name) => {
      const splits = isShared
        ? [
            { memberId: ids.ada, basisPoints: 6_000 },
            { memberId: ids.bob, basisPoints: 4_000 },
          ]
        : [];
      const sold = win(openDeal({ splits, amount: eur(100_00) }), {
        at: at('2026-09-15T12:00:00Z'),
        now: NOW,
      });
      const frozen = await settle(sold, sources([rates('2026-09-01', '1.0833')]), NOW);
      const edited = edit(frozen, { ownerId, name: `x${name}` }, { now: NOW, pipeline: defaultPipeline });
      const later = await settle(edited, sources([rates('2026-09-01', '2')]), NOW);
      expect(later.attribution).toEqual(frozen.attribution);
      expect(later).toMatchObject({ frozenRate: { rate: '1.0833' }, reportingAmount: usd(108_33) });
      const shares = later.attribution.credits.map(({ basisPoints }) => basisPoints);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(10_000);
    },
  );
});

describe('exchange rates', () => {
  it('are 1 for the reporting currency itself', () => {
    expect(rateOn([], { currency: USD, reporting: USD, day: day('2026-01-01') })?.rate).toBe('1');
  });

  test.prop([fc.uniqueArray(fc.nat(60), { maxLength: 20 }), fc.nat(60)])(
    'are those of the latest day up to the one asked for',
    (offsets, asked) => {
      const first = day('2026-01-01');
      const known = offsets.map((offset) => rates(addDays(first, offset), `1.${offset + 1}`));
      const found = rateOn(known, { currency: EUR, reporting: USD, day: addDays(first, asked) });
      const usable = offsets.filter((offset) => offset <= asked);
      const latest = usable.length === 0 ? undefined : addDays(first, Math.max(...usable));
      expect(found?.day).toBe(latest);
    },
  );
});
