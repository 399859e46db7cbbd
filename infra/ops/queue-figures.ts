import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { mapConcurrently } from '../../shared/concurrency/map-concurrently.ts';
import { metricValues } from './metric-values.ts';
import type { QueueName } from './stack-names.ts';
import type { Target } from './target.ts';

/** What lies in a queue; SQS counts approximately. */
export interface QueueFigures {
  readonly waiting: number;
  readonly inFlight: number;
  /** Seconds, as CloudWatch had it last; undefined when it has no figure. */
  readonly oldestSeconds: number | undefined;
}

const AT_ONCE = 8;
/** SQS reports its metrics each minute, some minutes late. */
const LOOK_BACK_MS = 15 * 60_000;

/** The figures of each queue, in their order. */
export const queueFigures = async (
  { aws, now }: Pick<Target, 'aws' | 'now'>,
  queues: readonly QueueName[],
): Promise<readonly QueueFigures[]> => {
  const to = now();
  const ages = await metricValues(
    aws,
    queues.map(({ name }) => ({
      namespace: 'AWS/SQS',
      name: 'ApproximateAgeOfOldestMessage',
      dimensions: { QueueName: name },
      statistic: 'Maximum',
    })),
    { from: to - LOOK_BACK_MS, to, periodSeconds: 60 },
  );
  return mapConcurrently(queues, AT_ONCE, async ({ url }, index) => {
    const { Attributes = {} } = await aws.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const waiting = Number(Attributes.ApproximateNumberOfMessages ?? 0);
    const inFlight = Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
    // The metric is minutes behind: it still has an age when the queue is empty again.
    const oldest = waiting + inFlight === 0 ? undefined : ages[index]?.at(-1)?.value;
    return { waiting, inFlight, oldestSeconds: oldest };
  });
};
