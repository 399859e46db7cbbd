import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { accountKeys, type AccountKeys, holdsAccount, misfits } from '../../../shared/territories/area.ts';
import { contradictionsOf, coverageOf } from '../../../shared/territories/coverage.ts';
import { decidingRule, type RankedRule, rankedRules } from '../../../shared/territories/rules.ts';
import { someTerritories, universe } from './territories.fixture.ts';

const all = universe.map((account) => ({ account, keys: accountKeys(account) }));

const fits = ({ criteria }: RankedRule, keys: AccountKeys) => misfits(criteria, keys).length === 0;

describe('the coverage of territories', () => {
  test.prop([someTerritories], { numRuns: 100 })(
    'has a hole, and only one, for every account that the rules leave without a territory, and for no other',
    (territories) => {
      const ranked = rankedRules(territories);
      const { holes, truncated } = coverageOf(ranked);
      expect(truncated).toBe(false);
      for (const { account, keys } of all)
        expect(holes.filter((hole) => holdsAccount(hole, keys))).toHaveLength(
          decidingRule(ranked, account) === undefined ? 1 : 0,
        );
    },
  );

  test.prop([someTerritories], { numRuns: 100 })(
    'has an overlap for every two rules of different territories that fit one account, and says which wins and where',
    (territories) => {
      const ranked = rankedRules(territories);
      const { overlaps } = coverageOf(ranked);
      for (const [rank, loser] of ranked.entries())
        for (const winner of ranked.slice(0, rank)) {
          const both = all.filter(({ keys }) => fits(winner, keys) && fits(loser, keys));
          const found = overlaps.find((each) => each.winner === winner && each.loser === loser);
          expect(found !== undefined).toBe(both.length > 0 && winner.territoryId !== loser.territoryId);
          if (found !== undefined)
            expect(all.filter(({ keys }) => holdsAccount(found.area, keys))).toEqual(both);
        }
    },
  );

  test.prop([someTerritories], { numRuns: 100 })(
    'calls a rule shadowed if and only if it decides for no account',
    (territories) => {
      const ranked = rankedRules(territories);
      for (const { loser, isShadowed } of coverageOf(ranked).overlaps)
        expect(isShadowed).toBe(!universe.some((account) => decidingRule(ranked, account) === loser));
    },
  );

  test.prop([someTerritories], { numRuns: 100 })(
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
