import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Outcome } from './decide.ts';

const SAMPLES = 3;

/** How many items of a type had which outcome, with a few of their keys. */
export interface Tally {
  readonly type: string;
  readonly outcome: Outcome;
  count: number;
  readonly samples: string[];
}

const sampleOf = ({ pk, sk }: Item): string =>
  sk === 'state' ? String(pk).replace(/^[a-z-]+#(?=[a-z]+_)/, '') : `${String(pk)} ${String(sk)}`;

/** What a comparison came to, by type and outcome. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  constructor(known: readonly Tally[] = []) {
    for (const tally of known) this.#tallies.set(`${tally.type} ${tally.outcome}`, structuredClone(tally));
  }

  add(item: Item, outcome: Outcome): void {
    const type = String(item.type);
    const key = `${type} ${outcome}`;
    const tally = this.#tallies.get(key) ?? { type, outcome, count: 0, samples: [] };
    tally.count += 1;
    if (tally.samples.length < SAMPLES) tally.samples.push(sampleOf(item));
    this.#tallies.set(key, tally);
  }

  all(): readonly Tally[] {
    return [...this.#tallies.values()].toSorted((a, b) =>
      a.type === b.type ? (a.outcome < b.outcome ? -1 : 1) : a.type < b.type ? -1 : 1,
    );
  }

  count(...outcomes: readonly Outcome[]): number {
    return this.all()
      .filter(({ outcome }) => outcomes.includes(outcome))
      .reduce((sum, { count }) => sum + count, 0);
  }
}
