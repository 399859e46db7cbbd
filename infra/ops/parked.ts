import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { Failed } from './refusals.ts';
import type { Target } from './target.ts';

/** A file of records that never reached the bus. */
export interface ParkedFile {
  readonly key: string;
  /** `record`: one that can never be published. `batch`: a stream’s, that ran out of retries. */
  readonly kind: 'record' | 'batch';
  /** Undefined for a batch: its file is named after the mapping. */
  readonly service: string | undefined;
  readonly bytes: number;
  /** RFC 3339. */
  readonly at: string;
}

const FOLDERS = [
  { kind: 'record', prefix: 'parked/' },
  { kind: 'batch', prefix: 'aws/lambda/' },
] as const;

/** All files, oldest first; of one service where it is given. */
export const parkedFiles = async (
  { aws, bucket }: Target,
  service: string | undefined,
): Promise<readonly ParkedFile[]> => {
  const found: ParkedFile[] = [];
  for (const { kind, prefix } of FOLDERS) {
    if (kind === 'batch' && service !== undefined) continue;
    const Prefix = service === undefined ? prefix : `${prefix}${service}/`;
    for await (const page of paginateListObjectsV2({ client: aws.s3 }, { Bucket: bucket, Prefix })) {
      for (const { Key: key = '', Size: bytes = 0, LastModified } of page.Contents ?? [])
        found.push({
          key,
          kind,
          service: kind === 'record' ? key.split('/')[1] : undefined,
          bytes,
          at: LastModified?.toISOString() ?? '',
        });
    }
  }
  return found.toSorted((a, b) => (a.at < b.at ? -1 : 1));
};

/** The text of a file. Throws Failed when there is none of that key. */
export const parkedText = async ({ aws, bucket, flag }: Target, key: string): Promise<string> => {
  if (!FOLDERS.some(({ prefix }) => key.startsWith(prefix))) {
    throw new Failed(`${key} is not a parked file: npm run ops -- parked list ${flag} shows their keys.`);
  }
  try {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NoSuchKey') throw error;
    throw new Failed(`There is no ${key}: npm run ops -- parked list ${flag} shows what there is.`);
  }
};

export const deleteParked = async ({ aws, bucket }: Target, key: string): Promise<void> => {
  await aws.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
};

const Image = z.record(z.string(), z.unknown());
/** Of a stream’s record, the images that say whom it concerns. */
const StreamRecord = z.looseObject({
  dynamodb: z.object({ Keys: Image.optional(), NewImage: Image.optional() }),
});
/** An item: what it tells of is named within its data, where it keeps any. */
const Item = z.object({ pk: z.string(), data: z.object({ id: z.string() }).optional().catch(undefined) });
const ParkedRecord = z.object({ id: z.string(), reason: z.string(), record: z.unknown(), at: z.string() });
const FailedBatch = z.looseObject({
  requestContext: z.looseObject({ condition: z.string().optional(), functionArn: z.string().optional() }),
  /** A JSON text, from Lambda. */
  payload: z.unknown(),
});
const Payload = z.object({ Records: z.array(z.unknown()) });

/** What an operator needs to know of a parked file. */
export interface ParkedSummary {
  readonly reason: string;
  /** The event’s id, where one record is parked. */
  readonly id: string | undefined;
  /** The aggregates concerned: `republish` says their state anew. */
  readonly subjects: readonly string[];
}

const subjectOf = (record: unknown): readonly string[] => {
  const dynamodb = StreamRecord.safeParse(record).data?.dynamodb;
  const image = dynamodb?.NewImage ?? dynamodb?.Keys;
  if (image === undefined) return [];
  // The stream’s JSON is the SDK’s own form of an item, which zod can’t know.
  const item = Item.safeParse(unmarshall(image as Record<string, AttributeValue>)).data;
  return item === undefined ? [] : [item.data?.id ?? item.pk];
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Reads a parked record or a failed batch; anything else is said to be unreadable. */
export const summaryOf = (text: string): ParkedSummary => {
  const json = parsed(text);
  const parked = ParkedRecord.safeParse(json);
  if (parked.success) {
    const { id, reason, record } = parked.data;
    return { id, reason, subjects: subjectOf(record) };
  }
  const batch = FailedBatch.safeParse(json);
  if (!batch.success)
    return { id: undefined, reason: 'not a file that the relay or Lambda wrote', subjects: [] };
  const { condition = 'unknown', functionArn = '' } = batch.data.requestContext;
  const { payload } = batch.data;
  const records =
    Payload.safeParse(typeof payload === 'string' ? parsed(payload) : payload).data?.Records ?? [];
  const fn = functionArn.split(':')[6] ?? functionArn;
  return {
    id: undefined,
    reason: `${fn} gave up a batch of ${records.length}: ${condition}`,
    subjects: [...new Set(records.flatMap(subjectOf))],
  };
};
