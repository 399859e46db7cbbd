/** An answer with a status or headers of its own, where the route's declared ones don't fit. */
export class Reply<T> {
  readonly value: T;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(value: T, options: ReplyOptions) {
    this.value = value;
    this.status = options.status;
    this.headers = options.headers ?? {};
  }
}

export interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** For handlers: `return reply(receipt, { status: 202 })`. */
export const reply = <T>(value: T, options: ReplyOptions): Reply<T> => new Reply(value, options);
