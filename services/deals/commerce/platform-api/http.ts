import { parse, stringify } from 'lossless-json';
import * as z from 'zod';
import { StoreApiFailure } from './failure.ts';

export interface ApiAnswer {
  /** The parsed body, every number as its digits; undefined for an answer without one. */
  readonly body: unknown;
  readonly headers: Headers;
}

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** Where a store's API is, and how it is let in. */
export interface ApiAccess {
  /** Without a slash at the end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch?: Fetch;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** An order's resource is a few KB and a page of 100 below 2 MB; more is no answer of a shop. */
const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 6_000;

/** Text of a part of an answer, every digit as it came: what adapters read. */
export const textOf = (value: unknown): string => stringify(value) ?? 'null';

/**
 * Asks a store's API. Follows no redirect, for it would carry the credentials to wherever it leads; reads no more than
 * 16 MB, and waits for 6 seconds.
 * @throws StoreApiFailure
 */
export class StoreApiHttp {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> {
    const url = new URL(`${this.#access.url}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const what = `GET ${url.pathname}`;
    const response = await this.#fetch(url, what);
    if (!response.ok) throw failureOf(response, what);
    const text = await textWithin(response, this.#access.maxBytes ?? MAX_BYTES, what);
    return { body: text.trim() === '' ? undefined : parsed(text, what), headers: response.headers };
  }

  async #fetch(url: URL, what: string): Promise<Response> {
    const { headers, fetch: ask = fetch, timeoutMs = TIMEOUT_MS } = this.#access;
    try {
      return await ask(url, {
        headers: { accept: 'application/json', 'user-agent': 'Quotaline', ...headers },
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw unanswered(what, timeoutMs, cause);
    }
  }
}

const unanswered = (what: string, timeoutMs: number, cause: unknown): StoreApiFailure => {
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  const why = isLate ? `no answer within ${String(timeoutMs / 1000)} seconds` : 'no answer';
  return new StoreApiFailure('unavailable', `${what}: ${why}`, { cause });
};

const Seconds = z.coerce.number().int().min(0).max(86_400);

const failureOf = ({ status, headers }: Response, what: string): StoreApiFailure => {
  const says = `${what} answered ${String(status)}`;
  if (status === 401 || status === 403) return new StoreApiFailure('refused', says);
  if (status === 404 || status === 410) return new StoreApiFailure('missing', says);
  if (status === 429 || status === 408 || status >= 500) {
    // BigCommerce says it in milliseconds of its own header, all others in the standard one.
    const wait = Seconds.safeParse(headers.get('retry-after') ?? undefined);
    const reset = Seconds.safeParse(
      Math.ceil(Number(headers.get('x-rate-limit-time-reset-ms') ?? NaN) / 1000),
    );
    const retryAfterSeconds = wait.data ?? reset.data;
    return new StoreApiFailure('unavailable', says, { retryAfterSeconds });
  }
  return new StoreApiFailure('garbled', says);
};

/** The body, as far as it is no longer than it may be. */
const textWithin = async (response: Response, maxBytes: number, what: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new StoreApiFailure('unavailable', `${what}: the answer broke off`, { cause });
  }
  if (bytes > maxBytes)
    throw new StoreApiFailure('garbled', `${what}: the answer is longer than ${String(maxBytes)} bytes`);
  return Buffer.concat(chunks).toString('utf8');
};

const parsed = (text: string, what: string): unknown => {
  try {
    return parse(text);
  } catch (cause) {
    throw new StoreApiFailure('garbled', `${what}: the answer is not JSON`, { cause });
  }
};

/** What the answer must look like. @throws StoreApiFailure saying which place does not */
export const expected = <T>(schema: z.ZodType<T>, value: unknown, what: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new StoreApiFailure('garbled', `${what}: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`);
};
