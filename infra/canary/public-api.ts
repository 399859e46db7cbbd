import * as z from 'zod';

interface Call {
  readonly method: 'GET' | 'POST';
  /** With its query: `/v1/deals?ownerId=mem_…`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The interface as any other system calls it. @throws CallRefused; z.ZodError for an answer that isn't as declared */
export type PublicApi = <Answer extends z.ZodType>(call: Call, answer: Answer) => Promise<z.output<Answer>>;

/** The answer to a call was no success. The message says which call and why, and nothing that is secret. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly status: number;

  constructor(call: Pick<Call, 'method' | 'path'>, status: number, detail: string) {
    super(`${call.method} ${call.path} was answered with ${String(status)}: ${detail}`);
    this.status = status;
  }
}

const Problem = z.object({
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

/** What a problem document says; of anything else, that it was none: what stands there may be anybody's. */
const detailOf = (text: string): string => {
  const problem = Problem.safeParse(jsonOf(text));
  if (!problem.success) return 'the answer is no problem document';
  const { detail, errors } = problem.data;
  return [detail, ...errors.map(({ path, message }) => `${path} ${message}`)].join(' ');
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

interface PublicApiOptions {
  /** `https://…`, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** Joins everything that the calls cause. */
  readonly correlationId: string;
  /** How long one call may take, in milliseconds. */
  readonly callLimitMs: number;
}

export const publicApi =
  ({ url, token, correlationId, callLimitMs }: PublicApiOptions): PublicApi =>
  async (call, answer) => {
    const { method, path, body, headers = {} } = call;
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-correlation-id': correlationId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(callLimitMs),
    });
    const text = await response.text();
    if (!response.ok) throw new CallRefused(call, response.status, detailOf(text));
    return answer.parse(jsonOf(text));
  };
