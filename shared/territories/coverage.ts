import type { TerritoryId } from '../ids/id.ts';
import { type Area, everywhere, fittedPart, unfittedParts } from './area.ts';
import type { RankedRule } from './rules.ts';

/** Of overlaps and of holes each, at most. */
const MOST_FOUND = 200;

/** Rules are held against areas so often, at most: what subtraction costs has no other bound. */
const MOST_STEPS = 200_000;

/** Two rules of different territories that fit the same accounts. */
interface Overlap {
  readonly winner: RankedRule;
  readonly loser: RankedRule;
  /** The accounts that both fit. */
  readonly area: Area;
  /** Whether rules before it fit all that the loser fits, so that it never decides. */
  readonly isShadowed: boolean;
}

export interface Coverage {
  readonly overlaps: readonly Overlap[];
  /** Accounts that no rule fits, as areas that share none. */
  readonly holes: readonly Area[];
  /** Whether there may be more. */
  readonly truncated: boolean;
}

interface Steps {
  left: number;
}

/** The parts of an area that none of the rules fits, one after the other. Ends early when the steps are used up. */
function* unfitted(area: Area, rules: readonly RankedRule[], steps: Steps): Generator<Area> {
  const open = [{ area, next: 0 }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    let at = part.next;
    let rule = rules[at];
    while (rule !== undefined && fittedPart(part.area, rule.criteria) === undefined) {
      steps.left -= 1;
      at += 1;
      rule = rules[at];
    }
    if (steps.left <= 0) return;
    steps.left -= 1;
    if (rule === undefined) yield part.area;
    else
      for (const rest of unfittedParts(part.area, rule.criteria).toReversed())
        open.push({ area: rest, next: at + 1 });
  }
}

const isShadowed = (loser: RankedRule, before: readonly RankedRule[], steps: Steps): boolean => {
  const area = fittedPart(everywhere, loser.criteria);
  const decides = area !== undefined && unfitted(area, before, steps).next().done !== true;
  // Unknown is not shadowed.
  return !decides && steps.left > 0;
};

const overlapsOf = (ranked: readonly RankedRule[], steps: Steps): Overlap[] => {
  const found: Overlap[] = [];
  for (const [rank, loser] of ranked.entries()) {
    const whole = fittedPart(everywhere, loser.criteria);
    const before = ranked.slice(0, rank);
    let shadowed: boolean | undefined;
    for (const winner of before) {
      steps.left -= 1;
      if (steps.left <= 0) return found;
      if (whole === undefined || winner.territoryId === loser.territoryId) continue;
      const area = fittedPart(whole, winner.criteria);
      if (area === undefined) continue;
      // One more than is told tells that there are more.
      if (found.length > MOST_FOUND) return found;
      shadowed ??= isShadowed(loser, before, steps);
      found.push({ winner, loser, area, isShadowed: shadowed });
    }
  }
  return found;
};

const holesOf = (ranked: readonly RankedRule[], steps: Steps): Area[] => {
  const found: Area[] = [];
  for (const hole of unfitted(everywhere, ranked, steps)) {
    found.push(hole);
    if (found.length > MOST_FOUND) break;
  }
  return found;
};

/** Where rules of different territories meet, and which accounts none of them fits. */
export const coverageOf = (ranked: readonly RankedRule[]): Coverage => {
  const [ofOverlaps, ofHoles] = [{ left: MOST_STEPS }, { left: MOST_STEPS }];
  const overlaps = overlapsOf(ranked, ofOverlaps);
  const holes = holesOf(ranked, ofHoles);
  const truncated =
    overlaps.length > MOST_FOUND || holes.length > MOST_FOUND || ofOverlaps.left <= 0 || ofHoles.left <= 0;
  return { overlaps: overlaps.slice(0, MOST_FOUND), holes: holes.slice(0, MOST_FOUND), truncated };
};

/** Two rules of different territories at one priority that fit the same accounts: nobody could tell which was meant. */
interface Contradiction {
  readonly rule: RankedRule;
  readonly other: RankedRule;
}

/** The contradictions between rules of one territory and those of the others. */
export const contradictionsOf = (
  territoryId: TerritoryId,
  ranked: readonly RankedRule[],
): readonly Contradiction[] => {
  const others = ranked.filter((each) => each.territoryId !== territoryId);
  return ranked
    .filter((each) => each.territoryId === territoryId)
    .flatMap((rule) => {
      const area = fittedPart(everywhere, rule.criteria);
      return others
        .filter(
          (other) =>
            other.rule.priority === rule.rule.priority &&
            area !== undefined &&
            fittedPart(area, other.criteria) !== undefined,
        )
        .map((other) => ({ rule, other }));
    });
};
