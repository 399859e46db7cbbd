/**
 * Why a store's API gave no order. `unavailable`: it did not answer, answered 5xx or asked to wait (429), and may be asked
 * again; `refused`: the credentials don't let us in; `missing`: it knows no such order; `garbled`: its answer is not what the
 * platform documents.
 */
export type StoreApiProblem = 'unavailable' | 'refused' | 'missing' | 'garbled';

/** A store's API did not answer with what was asked for. The message names the request, and holds no credentials. */
export class StoreApiFailure extends Error {
  override readonly name = 'StoreApiFailure';
  readonly problem: StoreApiProblem;
  /** How long the platform asks to be left alone. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    problem: StoreApiProblem,
    message: string,
    {
      retryAfterSeconds,
      cause,
    }: { readonly retryAfterSeconds?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
