import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchUpload,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as z from 'zod';

/** In bytes. S3 takes no smaller part, but for the last one. */
const PART_BYTES = 5 * 1024 * 1024;

const TYPE = 'text/csv; charset=utf-8';

/** How far the file is written: kept with the job. `parts` are the ETags of those that S3 has. */
export const FileState = z.object({
  uploadId: z.string().optional(),
  parts: z.array(z.string()),
  /** Key of what is written, and not enough for a part yet. */
  rest: z.string().optional(),
});
export type FileState = z.infer<typeof FileState>;

export const EMPTY_FILE: FileState = { parts: [] };

/** A file in the making: appended to page by page, of which no more than a part is ever held. A page that is written again overwrites itself. */
export class ExportFile {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #key: string;

  constructor({ s3, bucket, key }: { readonly s3: S3Client; readonly bucket: string; readonly key: string }) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#key = key;
  }

  static isPart(text: string): boolean {
    return Buffer.byteLength(text) >= PART_BYTES;
  }

  /** What earlier pages left that is no part yet. */
  async rest({ rest }: FileState): Promise<string> {
    if (rest === undefined) return '';
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: rest }));
    return (await Body?.transformToString('utf-8')) ?? '';
  }

  /** Keeps the text that follows the parts: as a part where it is large enough, else beside the file. `page` keeps what a page left apart from what it was given. */
  async append(state: FileState, text: string, page: number): Promise<FileState> {
    if (ExportFile.isPart(text)) return this.#addPart(state, text);
    const rest = `${this.#key}.rest-${String(page % 2)}`;
    await this.#put(rest, text);
    return { ...state, rest };
  }

  /** Writes the end of the file, and the whole of one that is smaller than a part. */
  async finish(state: FileState, text: string): Promise<void> {
    if (state.uploadId === undefined) return this.#put(this.#key, text);
    try {
      const { uploadId, parts } = text === '' ? state : await this.#addPart(state, text);
      await this.#s3.send(
        new CompleteMultipartUploadCommand({
          Bucket: this.#bucket,
          Key: this.#key,
          UploadId: uploadId,
          MultipartUpload: { Parts: parts.map((ETag, index) => ({ ETag, PartNumber: index + 1 })) },
        }),
      );
    } catch (error) {
      // It was completed by a worker that died before it could say so.
      if (!isNoSuchUpload(error)) throw error;
      await this.#s3.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: this.#key }));
    }
  }

  /** A link to fetch the file by, under a name of its own. */
  async url(name: string, seconds: number): Promise<string> {
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: this.#key,
      ResponseContentDisposition: `attachment; filename="${name}"`,
      ResponseContentType: TYPE,
    });
    return getSignedUrl(this.#s3, command, { expiresIn: seconds });
  }

  async #addPart(state: FileState, text: string): Promise<FileState> {
    const where = { Bucket: this.#bucket, Key: this.#key };
    const UploadId =
      state.uploadId ??
      (await this.#s3.send(new CreateMultipartUploadCommand({ ...where, ContentType: TYPE }))).UploadId;
    const { ETag } = await this.#s3.send(
      new UploadPartCommand({ ...where, UploadId, PartNumber: state.parts.length + 1, Body: text }),
    );
    if (UploadId === undefined || ETag === undefined) throw new TypeError('S3 did not say what it made.');
    return { uploadId: UploadId, parts: [...state.parts, ETag] };
  }

  async #put(key: string, text: string): Promise<void> {
    await this.#s3.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: text, ContentType: TYPE }),
    );
  }
}

const isNoSuchUpload = (error: unknown): boolean =>
  error instanceof NoSuchUpload || (error instanceof S3ServiceException && error.name === 'NoSuchUpload');
