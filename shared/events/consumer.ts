import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createLogger, type Logger, loggerFor } from '../observability/logger.ts';
import { createMetrics, type MetricName, type OperationalMetrics } from '../observability/metrics.ts';
import { type Cause, causeOf } from './cause.ts';
import type { EventContract } from './contract.ts';
import { type AnyEventOf, parseEnvelope } from './envelope.ts';
import type { Subscription } from './subscription.ts';

export interface Message<Contract extends EventContract = EventContract> {
  readonly event: AnyEventOf<Contract>;
  readonly messageId: string;
  /** 1 the first time. */
  readonly receiveCount: number;
  /** For what is written because of this event. */
  readonly cause: Cause;
  /** Knows the event's correlation. */
  readonly logger: Logger;
}

export interface ConsumerContext {
  readonly logger: Logger;
  /** As in `count('DuplicateEvents')`: how often events came that changed nothing. */
  readonly count: (name: MetricName, by?: number) => void;
}

/** `failed` holds the ids of messages to be delivered again. */
export interface Handled {
  readonly failed: readonly string[];
}

export interface ConsumerOptions<Contract extends EventContract> {
  readonly subscription: Pick<Subscription<Contract>, 'contracts'>;
  /** Must stand repetition: a batch that throws is handled again, message by message. No answer: all are done. */
  readonly handle: (
    messages: readonly Message<Contract>[],
    context: ConsumerContext,
  ) => Promise<Handled | undefined> | Promise<void>;
  readonly logger?: Logger | undefined;
  readonly metrics?: OperationalMetrics | undefined;
}

/**
 * A queue's Lambda handler. Messages that hold no event of the subscription fail alone, and so end in the dead-letter
 * queue; a batch that can't be handled together is handled one by one, so that one bad message holds up no others.
 */
export const consumer = <Contract extends EventContract>({
  subscription: { contracts },
  handle,
  logger = createLogger(),
  metrics = createMetrics(),
}: ConsumerOptions<Contract>) => {
  const context: ConsumerContext = { logger, count: (name, by) => metrics.count(name, by) };

  const parse = (record: SQSRecord): Message<Contract> | undefined => {
    try {
      const event = parseEnvelope<Contract>(record.body, contracts);
      const cause = causeOf(event);
      let own: Logger | undefined;
      return {
        event,
        messageId: record.messageId,
        receiveCount: Number(record.attributes.ApproximateReceiveCount),
        cause,
        // Made when something is logged: a child logger costs more than the parsing of the event, and most say nothing.
        get logger() {
          own ??= loggerFor(logger, cause, { eventId: event.metadata.id, detailType: event.detailType });
          return own;
        },
      };
    } catch (error) {
      logger.error('A message holds no event of this subscription', { messageId: record.messageId, error });
      metrics.count('InvalidMessages');
      return undefined;
    }
  };

  const handleAlone = async (message: Message<Contract>): Promise<readonly string[]> => {
    try {
      return (await handle([message], context))?.failed ?? [];
    } catch (error) {
      message.logger.warn('An event could not be handled; it will be delivered again', {
        error,
        messageId: message.messageId,
        receiveCount: message.receiveCount,
      });
      return [message.messageId];
    }
  };

  const handleAll = async (messages: readonly Message<Contract>[]): Promise<readonly string[]> => {
    const [only] = messages;
    if (only === undefined) return [];
    if (messages.length === 1) return handleAlone(only);
    try {
      return (await handle(messages, context))?.failed ?? [];
    } catch (error) {
      logger.warn('A batch could not be handled together; going on one by one', {
        size: messages.length,
        error,
      });
      metrics.count('BatchFallbacks');
      const failed: string[] = [];
      for (const message of messages) failed.push(...(await handleAlone(message)));
      return failed;
    }
  };

  return async ({ Records }: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    try {
      const parsed = Records.map((record) => ({ messageId: record.messageId, message: parse(record) }));
      const invalid = parsed.filter(({ message }) => message === undefined).map(({ messageId }) => messageId);
      const failed = await handleAll(parsed.flatMap(({ message }) => message ?? []));
      if (failed.length > 0) metrics.count('FailedMessages', failed.length);
      return { batchItemFailures: [...invalid, ...failed].map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      metrics.flush();
    }
  };
};
