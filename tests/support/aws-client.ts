import type { LocalRun } from './local-run.ts';

/** Settings of an AWS client that talks to a local run's own answers: `new SQSClient(awsClient(run, 'sqs'))`. */
export const awsClient = ({ url }: Pick<LocalRun, 'url'>, service: string) => ({
  endpoint: `${url}/_aws/${service}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});
