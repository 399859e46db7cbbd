import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Dynoxide } from './dynoxide.ts';

/** Everything in the table's stream so far, oldest first, as a stream's Lambda function gets it. */
export const streamRecords = async ({ endpoint }: Dynoxide, tableName: string): Promise<DynamoDBRecord[]> => {
  const client = new DynamoDBStreamsClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const records: DynamoDBRecord[] = [];
  try {
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
    const StreamArn = Streams[0]?.StreamArn;
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const start = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
      let iterator = (await client.send(start)).ShardIterator;
      while (iterator !== undefined) {
        const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
        // The same JSON under another name: the SDK's type knows more kinds of values than Lambda's.
        records.push(...((page.Records ?? []) as DynamoDBRecord[]));
        iterator = page.Records?.length ? page.NextShardIterator : undefined;
      }
    }
  } finally {
    client.destroy();
  }
  return records;
};
