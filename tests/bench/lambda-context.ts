import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../../infra/local/local-names.ts';

/** What a Lambda handler gets beside the event. */
export const lambdaContext = (functionName: string) => ({
  awsRequestId: randomUUID(),
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`,
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'bench',
  memoryLimitInMB: '1024',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 30_000,
});
