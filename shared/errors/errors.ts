/**
 * One thing wrong with the input. `path` is a JSON pointer (RFC 6901) into the body, or into the part of the request
 * that `in` names: `{ in: 'query', path: '/limit' }`.
 */
export interface InputError {
  readonly in?: 'path' | 'query' | 'header';
  readonly path: string;
  readonly message: string;
}

/**
 * An outcome that the caller can act on. Thrown anywhere; turned into a problem document in one place (shared/http).
 * `detail` is shown to the caller: it names what is wrong and what would be right, and holds no secrets.
 */
export abstract class AppError extends Error {
  /** HTTP status. */
  abstract readonly status: number;
  /** The same for every occurrence of this kind of error. */
  abstract readonly title: string;
  readonly detail: string;
  readonly errors: readonly InputError[] | undefined;

  constructor(detail: string, errors?: readonly InputError[]) {
    super(detail);
    this.detail = detail;
    this.errors = errors;
    this.name = new.target.name;
  }
}

/** The request itself is malformed: not JSON, wrong types, unknown fields, a bad header. */
export class BadRequest extends AppError {
  readonly status = 400;
  readonly title = 'Bad request';
}

/** Nothing proves who the caller is: a signature is missing or does not hold. */
export class Unauthorized extends AppError {
  readonly status = 401;
  readonly title = 'Unauthorized';
}

/** The caller is known, and may not do this to something it may see. What it may not see is `NotFound`. */
export class Forbidden extends AppError {
  readonly status = 403;
  readonly title = 'Forbidden';
}

/** `what` is a kind and an id, as in `deal deal_01J…`. */
export class NotFound extends AppError {
  readonly status = 404;
  readonly title = 'Not found';

  constructor(what: string) {
    super(`There is no ${what}.`);
  }
}

export class MethodNotAllowed extends AppError {
  readonly status = 405;
  readonly title = 'Method not allowed';
  /** The methods that the path does have. */
  readonly allow: readonly string[];

  constructor(method: string, allow: readonly string[]) {
    super(`${method} is not possible here; ${allow.join(', ')} would be.`);
    this.allow = allow;
  }
}

/** Well-formed, but at odds with the present state. */
export class Conflict extends AppError {
  readonly status: number = 409;
  readonly title: string = 'Conflict';
}

/** The state machine has no such step, as in winning a lost deal. */
export class InvalidTransition extends Conflict {
  override readonly title = 'Invalid transition';
}

/**
 * What was to be created is there already. `existing` is the stored entity, `requestHash` the hash of the request that
 * created it, if it was kept.
 */
export class AlreadyExists<T = unknown> extends Conflict {
  override readonly title = 'Already exists';
  /** Private, so that a logged error tells nothing of the entity: it may hold personal data. */
  readonly #existing: T;
  readonly requestHash: string | undefined;

  constructor(what: string, existing: T, requestHash?: string) {
    super(`There is already a ${what}.`);
    this.#existing = existing;
    this.requestHash = requestHash;
  }

  get existing(): T {
    return this.#existing;
  }
}

/** Someone else changed it since it was read: read again, then repeat. */
export class PreconditionFailed extends AppError {
  readonly status = 412;
  readonly title = 'Precondition failed';
}

/** Larger than what can be taken in, stored or sent. */
export class TooLarge extends AppError {
  readonly status = 413;
  readonly title = 'Too large';
}

export class UnsupportedMediaType extends AppError {
  readonly status = 415;
  readonly title = 'Unsupported media type';
}

/** Well-formed, but it can't be done whatever the state: a rule of the business says no. */
export class Unprocessable extends AppError {
  readonly status = 422;
  readonly title = 'Unprocessable content';
}

/** A key stands for one request: with another body it is a mistake of the caller's. */
export class IdempotencyKeyReused extends Unprocessable {
  constructor() {
    super('This Idempotency-Key was used with another body; take a new key for a new request.');
  }
}

/** A reference to something that is still on its way from another service. Worth a retry; queues do so by themselves. */
export class NotYet extends AppError {
  readonly status = 503;
  readonly title = 'Not yet';
}
