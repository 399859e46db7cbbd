import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** The least that a function on DynamoDB can be: the SDK and one read. What our own weigh is measured against it. */
export const handler = async () => {
  const { Item } = await client.send(
    new GetCommand({ TableName: process.env.TABLE_NAME, Key: { pk: 'nothing', sk: 'there' } }),
  );
  return { statusCode: Item === undefined ? 404 : 200 };
};
