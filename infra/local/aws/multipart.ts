import { createHash, randomUUID } from 'node:crypto';
import type { LocalAnswer, LocalRequest } from '../local-http.ts';
import type { RunnerState } from '../state.ts';
import { contentOf } from './s3-body.ts';
import { escaped, xmlAnswer, xmlError } from './s3-xml.ts';
import type { StoredObject } from './stored-object.ts';

/** In bytes; of every part but the last. */
const LEAST_PART = 5 * 1024 * 1024;

export const isMultipart = ({ query }: LocalRequest): boolean =>
  query.has('uploads') || query.has('uploadId');

const noSuchUpload = xmlError(404, 'NoSuchUpload', 'The specified upload does not exist.');

/** Numbers and ETags of the parts, as the request to complete an upload lists them. */
const listedParts = (body: string): readonly { readonly number: number; readonly etag: string }[] =>
  [...body.matchAll(/<Part>([^]*?)<\/Part>/g)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>([^<]*)<\/ETag>/.exec(part)?.[1] ?? '').replaceAll('&quot;', '').replaceAll('"', ''),
  }));

/** S3's uploads in parts: begun, sent part by part in any order and again, completed or given up. */
export class MultipartUploads {
  readonly #state: RunnerState;
  readonly #put: (object: StoredObject) => string;

  constructor(state: RunnerState, put: (object: StoredObject) => string) {
    this.#state = state;
    this.#put = put;
  }

  serve(object: { readonly bucket: string; readonly key: string }, request: LocalRequest): LocalAnswer {
    const { method, query, headers } = request;
    const id = query.get('uploadId') ?? '';
    if (method === 'POST' && query.has('uploads')) {
      const contentType = headers['content-type'] ?? 'application/octet-stream';
      return this.#begin(object, contentType);
    }
    const upload = this.#state.db
      .prepare('SELECT * FROM upload WHERE id = ? AND bucket = ? AND key = ?')
      .get(id, object.bucket, object.key);
    if (upload === undefined) return noSuchUpload;
    if (method === 'PUT') return this.#part(id, Number(query.get('partNumber')), contentOf(request));
    if (method === 'DELETE') return this.#end(id);
    if (method === 'POST')
      return this.#complete(
        id,
        { ...object, contentType: String(upload.content_type) },
        request.body.toString(),
      );
    return xmlError(501, 'NotImplemented', `the local run has no ${method} of multipart uploads`);
  }

  #begin({ bucket, key }: { bucket: string; key: string }, contentType: string): LocalAnswer {
    const id = randomUUID();
    this.#state.db
      .prepare('INSERT INTO upload (id, bucket, key, content_type) VALUES (?, ?, ?, ?)')
      .run(id, bucket, key, contentType);
    return xmlAnswer(
      `<InitiateMultipartUploadResult><Bucket>${escaped(bucket)}</Bucket><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  #part(id: string, number: number, body: Buffer): LocalAnswer {
    const etag = createHash('md5').update(body).digest('hex');
    this.#state.db
      .prepare('INSERT OR REPLACE INTO upload_part (upload, number, body, etag) VALUES (?, ?, ?, ?)')
      .run(id, number, body, etag);
    return { status: 200, headers: { etag: `"${etag}"` }, body: '' };
  }

  #complete(id: string, object: Omit<StoredObject, 'body'>, body: string): LocalAnswer {
    const listed = listedParts(body);
    const read = this.#state.db.prepare('SELECT body, etag FROM upload_part WHERE upload = ? AND number = ?');
    const parts = listed.map(({ number, etag }) => {
      const row = read.get(id, number);
      return row?.etag === etag && row.body instanceof Uint8Array ? row.body : undefined;
    });
    if (parts.length === 0 || parts.includes(undefined))
      return xmlError(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    const whole = parts.flatMap((part) => part ?? []);
    if (whole.slice(0, -1).some(({ length }) => length < LEAST_PART))
      return xmlError(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    const etag = this.#put({ ...object, body: Buffer.concat(whole) });
    this.#end(id);
    return xmlAnswer(
      `<CompleteMultipartUploadResult><Bucket>${escaped(object.bucket)}</Bucket><Key>${escaped(object.key)}</Key><ETag>${escaped(etag)}</ETag></CompleteMultipartUploadResult>`,
    );
  }

  #end(id: string): LocalAnswer {
    this.#state.transaction(() => {
      this.#state.db.prepare('DELETE FROM upload_part WHERE upload = ?').run(id);
      this.#state.db.prepare('DELETE FROM upload WHERE id = ?').run(id);
    });
    return { status: 204, headers: {}, body: '' };
  }
}
