import { createHash } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import type { LocalAnswer, LocalRequest } from '../local-http.ts';
import type { RunnerState } from '../state.ts';
import { isMultipart, MultipartUploads } from './multipart.ts';
import { contentOf } from './s3-body.ts';
import { escaped, xmlAnswer, xmlError } from './s3-xml.ts';
import type { StoredObject } from './stored-object.ts';

/** An object that has come into being, as S3 tells of it. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without its quotes. */
  readonly etag: string;
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
}

const isExpired = (query: URLSearchParams, now: number): boolean => {
  const [date, seconds] = [query.get('X-Amz-Date'), query.get('X-Amz-Expires')];
  if (date === null || seconds === null) return false;
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  return now > signed + Number(seconds) * 1000;
};

/** How the caller of a presigned URL wants the answer to be headed. */
const askedHeaders = (query: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['content-type', 'content-disposition', 'cache-control'].flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );

const withoutQuotes = (etag: string): string => etag.replaceAll('"', '');

/**
 * S3's objects, path-style: PUT, copies, multipart uploads, GET of all or of a range, HEAD, DELETE and the list of a prefix,
 * with headers or a presigned URL. Signatures are not checked, expiry is.
 */
export class Objects {
  readonly #state: RunnerState;
  readonly #buckets: readonly string[];
  readonly #clock: LocalClock;
  readonly #onCreated: (object: CreatedObject) => void;
  readonly #multipart: MultipartUploads;

  constructor(
    state: RunnerState,
    buckets: readonly string[],
    clock: LocalClock,
    onCreated: (object: CreatedObject) => void = () => undefined,
  ) {
    this.#state = state;
    this.#buckets = buckets;
    this.#clock = clock;
    this.#onCreated = onCreated;
    this.#multipart = new MultipartUploads(state, (object) => this.put(object, 'CompleteMultipartUpload'));
  }

  put(
    { bucket, key, body, contentType }: StoredObject,
    reason: CreatedObject['reason'] = 'PutObject',
  ): string {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.#state.db
      .prepare(
        'INSERT OR REPLACE INTO object (bucket, key, body, content_type, etag, modified) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(bucket, key, body, contentType, etag, this.#clock.now());
    this.#onCreated({ bucket, key, size: body.length, etag: withoutQuotes(etag), reason });
    return etag;
  }

  readonly serve = (request: LocalRequest): LocalAnswer => {
    const [bucket = '', ...path] = request.path.slice(1).split('/').map(decodeURIComponent);
    const key = path.join('/');
    if (!this.#buckets.includes(bucket))
      return xmlError(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (isExpired(request.query, this.#clock.now()))
      return xmlError(403, 'AccessDenied', 'Request has expired');
    if (key === '') {
      if (request.method === 'GET' && request.query.get('list-type') === '2')
        return this.#list(bucket, request.query.get('prefix') ?? '');
      return xmlError(501, 'NotImplemented', `the local run has no ${request.method} of buckets`);
    }
    if (isMultipart(request)) return this.#multipart.serve({ bucket, key }, request);
    switch (request.method) {
      case 'PUT':
        return request.headers['x-amz-copy-source'] === undefined
          ? this.#store(bucket, key, request)
          : this.#copy(bucket, key, request);
      case 'GET':
      case 'HEAD':
        return this.#fetch(bucket, key, request);
      case 'DELETE':
        this.#state.db.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
        return { status: 204, headers: {}, body: '' };
      default:
        return xmlError(501, 'NotImplemented', `the local run has no ${request.method} of objects`);
    }
  };

  #store(bucket: string, key: string, request: LocalRequest): LocalAnswer {
    const etag = this.put({
      bucket,
      key,
      body: contentOf(request),
      contentType: request.headers['content-type'] ?? 'application/octet-stream',
    });
    return { status: 200, headers: { etag }, body: '' };
  }

  #copy(bucket: string, key: string, { headers }: LocalRequest): LocalAnswer {
    const source = decodeURIComponent(headers['x-amz-copy-source'] ?? '').replace(/^\//, '');
    const [from = '', ...path] = source.split('/');
    const row = this.#row(from, path.join('/'));
    if (row === undefined) return xmlError(404, 'NoSuchKey', 'The specified key does not exist.');
    const wanted = headers['x-amz-copy-source-if-match'];
    if (wanted !== undefined && withoutQuotes(wanted) !== withoutQuotes(String(row.etag)))
      return xmlError(
        412,
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      );
    const body = Buffer.from(row.body instanceof Uint8Array ? row.body : []);
    const etag = this.put({ bucket, key, body, contentType: String(row.content_type) }, 'CopyObject');
    return xmlAnswer(`<CopyObjectResult><ETag>${escaped(etag)}</ETag></CopyObjectResult>`);
  }

  /** The object with its bytes from `from` on, `length` of them at most. */
  #row(bucket: string, key: string, { from = 0, length = Number.MAX_SAFE_INTEGER } = {}) {
    return this.#state.db
      .prepare(
        'SELECT substr(body, ? + 1, ?) AS body, length(body) AS size, content_type, etag, modified FROM object WHERE bucket = ? AND key = ?',
      )
      .get(from, length, bucket, key);
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
    return xmlAnswer(
      `<ListBucketResult><Name>${escaped(bucket)}</Name><KeyCount>${rows.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
    );
  }

  #fetch(bucket: string, key: string, { method, headers: asked, query }: LocalRequest): LocalAnswer {
    const [, first, last = ''] = /^bytes=(\d+)-(\d*)$/.exec(asked.range ?? '') ?? [];
    const from = Number(first ?? 0);
    const row = this.#row(bucket, key, {
      from,
      ...(last !== '' && { length: Number(last) + 1 - from }),
    });
    if (row === undefined) return xmlError(404, 'NoSuchKey', 'The specified key does not exist.');
    const body = row.body instanceof Uint8Array ? row.body : Buffer.alloc(0);
    const headers = {
      'content-type': String(row.content_type),
      etag: String(row.etag),
      'last-modified': new Date(Number(row.modified)).toUTCString(),
      'accept-ranges': 'bytes',
      ...askedHeaders(query),
    };
    if (method === 'HEAD') return { status: 200, headers, body: '' };
    if (first === undefined) return { status: 200, headers, body };
    if (from >= Number(row.size))
      return xmlError(416, 'InvalidRange', 'The requested range is not satisfiable');
    const range = `bytes ${first}-${String(from + body.length - 1)}/${String(row.size)}`;
    return { status: 206, headers: { ...headers, 'content-range': range }, body };
  }
}
