import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request, read whole. */
export interface LocalRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  /** Names in lower case; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array;
}

/** Answers a request, now or later. */
export type Serve = (request: LocalRequest) => LocalAnswer | Promise<LocalAnswer>;

export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: LocalAnswer['headers'] = {},
): LocalAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** An error as RFC 9457 has it. */
export const problem = (status: number, title: string, detail: string): LocalAnswer =>
  jsonAnswer(
    status,
    { type: 'about:blank', title, status, detail },
    { 'content-type': 'application/problem+json' },
  );

export const htmlAnswer = (body: string): LocalAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});

/** JSON of a request's body; undefined when it is none. */
export const jsonBody = (request: LocalRequest): unknown => {
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** Reads the request to its end; undefined when the body is longer than `limit` bytes. */
export const readRequest = async (
  incoming: IncomingMessage,
  limit: number,
): Promise<LocalRequest | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What is too long is read on, so that the caller gets to see the answer, but not kept.
    if (bytes <= limit) chunks.push(chunk);
  }
  if (bytes > limit) return undefined;
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const rawQuery = mark === -1 ? '' : target.slice(mark + 1);
  return {
    method: incoming.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : (value ?? ''),
      ]),
    ),
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
};

export const sendAnswer = (response: ServerResponse, { status, headers, body }: LocalAnswer): void => {
  const fields = Object.entries(headers).map(([name, value]): [string, string | string[]] => [
    name,
    typeof value === 'string' ? value : [...value],
  ]);
  response.writeHead(
    status,
    Object.fromEntries([...fields, ['content-length', String(Buffer.byteLength(body))]]),
  );
  response.end(body);
};
