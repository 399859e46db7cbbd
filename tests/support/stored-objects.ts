import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';

/** An S3 client whose objects live in memory: what is put can be got. Keys are `<bucket>/<key>`. */
export const storedObjects = (): { readonly s3: S3Client; readonly objects: ReadonlyMap<string, string> } => {
  const objects = new Map<string, string>();
  const s3 = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    forcePathStyle: true,
    requestHandler: {
      handle: async ({ method, path, body }: { method: string; path: string; body?: unknown }) => {
        const key = decodeURIComponent(path.slice(1));
        if (method === 'PUT') objects.set(key, String(body));
        const found = objects.get(key);
        const answer = method === 'PUT' ? '' : found;
        return {
          response: {
            statusCode: answer === undefined ? 404 : 200,
            headers: {},
            body: Readable.from([Buffer.from(answer ?? '')]),
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
