import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { holdsAccount, misfits } from '../../../shared/territories/area.ts';
import { contradictionsOf, coverageOf } from '../../../shared/territories/coverage.ts';
import { decidingRule, type RankedRule, rankedRules } from '../../../shared/territories/rules.ts';
import { someTerritories, universe } from './territories.fixture.ts';

const fits = ({ criteria }: RankedRule, account: (typeof universe)[number]) =>
  misfits(criteria, account).length === 0;

describe('the coverage of territories', () => {
  test.prop([someTerritories], { numRuns: 300 })(
    'has a hole, and only one, for every account that the rules leave without a territory, and for no other',
    (territories) => {
      const ranked = rankedRules(territories);
      const { holes, truncated } = coverageOf(ranked);
      expect(truncated).toBe(false);
      for (const account of universe)
        expect(holes.filter((hole) => holdsAccount(hole, account))).toHaveLength(
          decidingRule(ranked, account) === undefined ? 1 : 0,
        );
    },
  );

  test.prop([someTerritories], { numRuns: 300 })(
    'has an overlap for every two rules of different territories that fit one account, and says which wins and where',
    (territories) => {
      const ranked = rankedRules(territories);
      const { overlaps } = coverageOf(ranked);
      for (const [rank, loser] of ranked.entries())
        for (const winner of ranked.slice(0, rank)) {
          const both = universe.filter((account) => fits(winner, account) && fits(loser, account));
          const found = overlaps.find((each) => each.winner === winner && each.loser === loser);
          expect(found !== undefined).toBe(both.length > 0 && winner.territoryId !== loser.territoryId);
          if (found !== undefined)
            expect(universe.filter((account) => holdsAccount(found.area, account))).toEqual(both);
        }
    },
  );

  test.prop([someTerritories], { numRuns: 300 })(
    'calls a rule shadowed if and only if it decides for no account',
    (territories) => {
      const ranked = rankedRules(territories);
      for (const { loser, isShadowed } of coverageOf(ranked).overlaps)
        expect(isShadowed).toBe(!universe.some((account) => decidingRule(ranked, account) === loser));
    },
  );

  test.prop([someTerritories], { numRuns: 300 })(
    'has contradictions where an overlap is between rules of one priority',
    (territories) => {
      const ranked = rankedRules(territories);
      const level = coverageOf(ranked).overlaps.filter(
        ({ winner, loser }) => winner.rule.priority === loser.rule.priority,
      );
      const contradictions = territories.flatMap(({ id }) => contradictionsOf(id, ranked));
      // Each territory of the two finds it.
      expect(contradictions).toHaveLength(level.length * 2);
    },
  );
});
