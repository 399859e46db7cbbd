/** Beyond it a benchmark says so; it never fails on time. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One measured number. */
export interface Figure {
  /** What was measured, as in `deals-api` or `one deal at a time`: figures of one subject share a row of the table. */
  readonly subject: string;
  /** What about it, as in `cold start`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
}

export interface Outcome {
  readonly figures: readonly Figure[];
  /** What a reader has to know about this very measurement. */
  readonly notes?: readonly string[];
}

/** What a benchmark gets from the one that runs it. */
export interface Bench {
  /** Says what is going on, for those who wait. */
  readonly tell: (text: string) => void;
  /** Called in reverse order when the benchmark is over, however it ends; also on Ctrl-C. */
  readonly onEnd: (stop: () => Promise<void> | void) => void;
  /** Writes figures that are kept in the project, where the run was asked to with `--keep`. */
  readonly keep: (file: string, figures: unknown) => void;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly run: (bench: Bench) => Promise<Outcome>;
}

/** What was measured did not do what it should: its speed is worth nothing. */
export class WrongOutcome extends Error {
  override readonly name = 'WrongOutcome';
}

/** @throws WrongOutcome unless it is as expected */
export const expectOutcome = (what: string, actual: unknown, expected: unknown): void => {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shouldBe) throw new WrongOutcome(`${what}: ${is}, not ${shouldBe}`);
};
