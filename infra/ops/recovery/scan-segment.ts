import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../../shared/dynamodb/item.ts';

export interface ScannedPage {
  readonly items: readonly Item[];
  /** Where to go on; absent after the last page. */
  readonly lastKey?: Item | undefined;
}

/** One of several parts of a table, read side by side. */
export interface Segment {
  readonly table: string;
  readonly segment: number;
  readonly of: number;
  /** A former page's `lastKey`. */
  readonly after?: Item | undefined;
  /** Only items of this type, where given; the others are read and left out. */
  readonly type?: string | undefined;
}

/** The pages of a segment, in its order, read consistently. Only an operator scans: no function may. */
export const scanSegment = async function* (
  client: DynamoDBDocumentClient,
  { table, segment, of, after, type }: Segment,
): AsyncGenerator<ScannedPage> {
  let at = after;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        Segment: segment,
        TotalSegments: of,
        ConsistentRead: true,
        ExclusiveStartKey: at && { ...at },
        ...(type !== undefined && {
          FilterExpression: '#type = :type',
          ExpressionAttributeNames: { '#type': 'type' },
          ExpressionAttributeValues: { ':type': type },
        }),
      }),
    );
    at = page.LastEvaluatedKey;
    yield { items: page.Items ?? [], lastKey: at };
  } while (at !== undefined);
};
