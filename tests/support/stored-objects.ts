import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A page of a bucket's keys, as S3 lists them. */
const listOf = (
  objects: ReadonlyMap<string, string>,
  bucket: string,
  query: Readonly<Record<string, unknown>>,
) => {
  const { prefix = '', 'start-after': after = '', 'max-keys': most = 1_000 } = query;
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(`${bucket}/`))
    .map((key) => key.slice(bucket.length + 1))
    .filter((key) => key.startsWith(String(prefix)) && key > String(after))
    .sort()
    .slice(0, Number(most));
  return `<ListBucketResult>${keys.map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`).join('')}</ListBucketResult>`;
};

const GONE = '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The part of the content that a `Range` header asks for. */
const rangeOf = (content: Buffer, header: string | undefined): Buffer => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? [];
  return from === undefined ? content : content.subarray(Number(from), Number(to) + 1);
};

const answered = (body: string, headers: Readonly<Record<string, string>> = {}) => ({
  response: { statusCode: 200, headers, body: Readable.from([Buffer.from(body)]) },
});

/** Uploads in parts: the parts lie under `<upload id>/<number>` until they are put together. */
const multipart = () => {
  const parts = new Map<string, string>();
  let uploads = 0;
  return (objects: Map<string, string>, key: string, { method, query = {}, body }: Request) => {
    if ('uploads' in query) {
      uploads += 1;
      return answered(
        `<InitiateMultipartUploadResult><UploadId>upload-${String(uploads)}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    const id = String(query.uploadId);
    if (method === 'PUT') {
      parts.set(`${id}/${String(query.partNumber)}`, String(body));
      return answered('', { etag: `"${String(query.partNumber)}"` });
    }
    const numbers = [...String(body).matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => String(number));
    objects.set(key, numbers.map((number) => parts.get(`${id}/${number}`) ?? '').join(''));
    return answered('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
  };
};

/** An S3 client whose objects live in memory: put, in parts as well, get, delete and list. Keys are `<bucket>/<key>`. */
export const storedObjects = (): { readonly s3: S3Client; readonly objects: Map<string, string> } => {
  const objects = new Map<string, string>();
  const inParts = multipart();
  const s3 = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    forcePathStyle: true,
    requestHandler: {
      handle: async (request: Request) => {
        const { method, path, query = {}, headers = {}, body } = request;
        const key = decodeURIComponent(path.slice(1));
        if ('uploads' in query || 'uploadId' in query) return inParts(objects, key, request);
        const source = headers['x-amz-copy-source'];
        if (method === 'PUT')
          objects.set(key, source === undefined ? String(body) : (objects.get(source) ?? ''));
        if (method === 'DELETE') objects.delete(key);
        const isList = query['list-type'] === '2';
        const found = isList ? listOf(objects, key.replace(/\/$/, ''), query) : objects.get(key);
        const answer = method === 'PUT' || method === 'DELETE' ? '' : found;
        if (source !== undefined) return answered('<CopyObjectResult><ETag>"etag"</ETag></CopyObjectResult>');
        return {
          response: {
            statusCode: answer === undefined ? 404 : 200,
            headers: {},
            body: Readable.from([rangeOf(Buffer.from(answer ?? GONE), headers.range)]),
          },
        };
      },
    },
    // Checksums in trailers would wrap the body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { s3, objects };
};
