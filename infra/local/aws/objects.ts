import { createHash } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import type { LocalAnswer, LocalRequest } from '../local-http.ts';
import type { RunnerState } from '../state.ts';

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
}

const xml = (status: number, code: string, message: string): LocalAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string =>
  text.replaceAll(/[&<>]/g, (character) => ESCAPED[character] ?? character);

/** Undoes `aws-chunked`: `<size in hex>[;signature]\r\n<bytes>\r\n` … `0\r\n` and trailers, as the SDK sends streams. */
const unchunked = (body: Buffer): Buffer => {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = end === -1 ? 0 : Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
};

const isExpired = (query: URLSearchParams, now: number): boolean => {
  const [date, seconds] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  if (date === null || seconds === null) return false;
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  return now > signed + Number(seconds) * 1000;
};

/** S3's objects, path-style: PUT, GET, HEAD, DELETE and the list of a prefix, with headers or a presigned URL. Signatures are not checked, expiry is. */
export class Objects {
  readonly #state: RunnerState;
  readonly #buckets: readonly string[];
  readonly #clock: LocalClock;

  constructor(state: RunnerState, buckets: readonly string[], clock: LocalClock) {
    this.#state = state;
    this.#buckets = buckets;
    this.#clock = clock;
  }

  put({ bucket, key, body, contentType }: StoredObject): string {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.#state.db
      .prepare(
        'INSERT OR REPLACE INTO object (bucket, key, body, content_type, etag, modified) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(bucket, key, body, contentType, etag, this.#clock.now());
    return etag;
  }

  readonly serve = (request: LocalRequest): LocalAnswer => {
    const [bucket = '', ...path] = request.path.slice(1).split('/').map(decodeURIComponent);
    const key = path.join('/');
    if (!this.#buckets.includes(bucket))
      return xml(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (isExpired(request.query, this.#clock.now())) return xml(403, 'AccessDenied', 'Request has expired');
    if (key === '') {
      if (request.method === 'GET' && request.query.get('list-type') === '2')
        return this.#list(bucket, request.query.get('prefix') ?? '');
      return xml(501, 'NotImplemented', `the local run has no ${request.method} of buckets`);
    }
    switch (request.method) {
      case 'PUT':
        return this.#store(bucket, key, request);
      case 'GET':
      case 'HEAD':
        return this.#fetch(bucket, key, request);
      case 'DELETE':
        this.#state.db.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
        return { status: 204, headers: {}, body: '' };
      default:
        return xml(501, 'NotImplemented', `the local run has no ${request.method} of objects`);
    }
  };

  #store(bucket: string, key: string, request: LocalRequest): LocalAnswer {
    const isChunked = (request.headers['content-encoding'] ?? '').includes('aws-chunked');
    const body = isChunked ? unchunked(request.body) : request.body;
    const etag = this.put({
      bucket,
      key,
      body,
      contentType: request.headers['content-type'] ?? 'application/octet-stream',
    });
    return { status: 200, headers: { etag }, body: '' };
  }

  /** All keys of a prefix in one page: whoever looks here has few. */
  #list(bucket: string, prefix: string): LocalAnswer {
    const rows = this.#state.db
      .prepare(
        'SELECT key, etag, modified, length(body) AS size FROM object WHERE bucket = ? AND substr(key, 1, length(?)) = ? ORDER BY key',
      )
      .all(bucket, prefix, prefix);
    const contents = rows.map(
      ({ key, etag, modified, size }) =>
        `<Contents><Key>${escaped(String(key))}</Key><LastModified>${new Date(Number(modified)).toISOString()}</LastModified>` +
        `<ETag>${escaped(String(etag))}</ETag><Size>${String(size)}</Size></Contents>`,
    );
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>${escaped(bucket)}</Name><KeyCount>${rows.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
    };
  }

  #fetch(bucket: string, key: string, { method, headers: asked }: LocalRequest): LocalAnswer {
    const row = this.#state.db.prepare('SELECT * FROM object WHERE bucket = ? AND key = ?').get(bucket, key);
    if (row === undefined) return xml(404, 'NoSuchKey', 'The specified key does not exist.');
    const body = row.body instanceof Uint8Array ? row.body : Buffer.alloc(0);
    const headers = {
      'content-type': String(row.content_type),
      etag: String(row.etag),
      'last-modified': new Date(Number(row.modified)).toUTCString(),
      'accept-ranges': 'bytes',
    };
    if (method === 'HEAD') return { status: 200, headers, body: '' };
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(asked.range ?? '') ?? [];
    if (first === undefined) return { status: 200, headers, body };
    const from = Number(first);
    if (from >= body.length) return xml(416, 'InvalidRange', 'The requested range is not satisfiable');
    const end = last === '' ? body.length : Math.min(body.length, Number(last) + 1);
    const range = `bytes ${first}-${String(end - 1)}/${String(body.length)}`;
    return { status: 206, headers: { ...headers, 'content-range': range }, body: body.subarray(from, end) };
  }
}
