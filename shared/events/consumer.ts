import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { aboutOf } from '../observability/about.ts';
import { createLogger, type Logger, loggerFor } from '../observability/logger.ts';
import { createMetrics, type OperationalMetrics } from '../observability/metrics.ts';
import { type Step, steps, tellSteps } from '../observability/steps.ts';
import { type Cause, causeOf } from './cause.ts';
import type { EventContract } from './contract.ts';
import { type AnyEventOf, parseEnvelope, traceOf } from './envelope.ts';
import type { Outcome } from './outcome.ts';
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

export interface ConsumerContext extends Omit<OperationalMetrics, 'flush'> {
  readonly logger: Logger;
}

export interface Handled {
  /** Ids of messages to be delivered again. */
  readonly failed?: readonly string[];
  /** What became of each message, in their order; `done` where there is none. Those that changed nothing are counted. */
  readonly outcomes?: readonly Outcome[];
}

export interface ConsumerOptions<Contract extends EventContract> {
  readonly subscription: Pick<Subscription<Contract>, 'contracts'>;
  /** Must stand repetition: a batch that throws is handled again, in halves. No answer: all are done. */
  readonly handle: (
    messages: readonly Message<Contract>[],
    context: ConsumerContext,
  ) => Promise<Handled | undefined> | Promise<void>;
  readonly logger?: Logger | undefined;
  readonly metrics?: OperationalMetrics | undefined;
}

/** With less of the function's time left, no further part of a batch is begun. */
const SPARE_MILLISECONDS = 5_000;

/** More chains than this are not named in a line about a whole batch; each message's own line follows anyway. */
const NAMED_CHAINS = 100;

const chainsOf = (messages: readonly Pick<Message, 'cause'>[]): readonly string[] =>
  [...new Set(messages.map(({ cause }) => cause.correlationId))].slice(0, NAMED_CHAINS);

const stepOf = ({ event: { metadata, detailType, data } }: Message, outcome: Outcome): Step => ({
  correlationId: metadata.correlationId,
  causationId: metadata.causationId,
  eventId: metadata.id,
  detailType,
  subject: metadata.subject,
  version: metadata.version,
  outcome,
  about: aboutOf(data),
});

/**
 * A queue's Lambda handler. Messages that hold no event of the subscription fail alone, and so end in the dead-letter
 * queue; a batch that can't be handled together is handled in halves, and those in halves again, so that one bad message
 * holds up no others and costs a few attempts, not one for each message. What there is no time left for comes again.
 */
export const consumer = <Contract extends EventContract>({
  subscription: { contracts },
  handle,
  logger = createLogger(),
  metrics = createMetrics(),
}: ConsumerOptions<Contract>) => {
  const context: ConsumerContext = {
    logger,
    count: (name, by) => metrics.count(name, by),
    measure: (name, milliseconds) => metrics.measure(name, milliseconds),
    money: (name, amount, currency) => metrics.money(name, amount, currency),
  };

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
          const { id, causationId, subject } = event.metadata;
          own ??= loggerFor(
            logger,
            { correlationId: cause.correlationId, causationId },
            { eventId: id, detailType: event.detailType, subject },
          );
          return own;
        },
      };
    } catch (error) {
      logger.error('A message holds no event of this subscription', {
        messageId: record.messageId,
        ...traceOf(record.body),
        error,
      });
      metrics.count('InvalidMessages');
      return undefined;
    }
  };

  const tell = (messages: readonly Message<Contract>[], handled: Handled, ms: number): void => {
    const { outcomes = [] } = handled;
    const failed = new Set(handled.failed);
    const told = messages.flatMap((message, index): Step[] => {
      if (failed.has(message.messageId)) return [];
      const outcome = outcomes[index] ?? 'done';
      if (outcome === 'duplicate') metrics.count('DuplicateEvents');
      if (outcome === 'stale') metrics.count('StaleEvents');
      return [stepOf(message, outcome)];
    });
    tellSteps(logger, steps.takenIn, told, { ms: Math.round(ms) });
  };

  /** @throws what handling them together throws */
  const handleTogether = async (messages: readonly Message<Contract>[]): Promise<readonly string[]> => {
    const begin = performance.now();
    const handled = (await handle(messages, context)) ?? {};
    tell(messages, handled, performance.now() - begin);
    return handled.failed ?? [];
  };

  const giveBack = (messages: readonly Message<Contract>[]): readonly string[] => {
    logger.warn('There is no time left for the rest of a batch; it will be delivered again', {
      size: messages.length,
      correlationIds: chainsOf(messages),
    });
    return messages.map(({ messageId }) => messageId);
  };

  const handleInTime = async (
    messages: readonly Message<Contract>[],
    remaining: () => number,
    isWhole = true,
  ): Promise<readonly string[]> => {
    const [first] = messages;
    if (first === undefined) return [];
    try {
      return await handleTogether(messages);
    } catch (error) {
      if (messages.length === 1) {
        const { messageId, receiveCount } = first;
        first.logger.warn('An event could not be handled; it will be delivered again', {
          error,
          messageId,
          receiveCount,
        });
        return [messageId];
      }
      logger.warn('A batch could not be handled together; going on with its halves', {
        size: messages.length,
        correlationIds: chainsOf(messages),
        error,
      });
      if (isWhole) metrics.count('BatchFallbacks');
      const middle = Math.ceil(messages.length / 2);
      const failed: string[] = [];
      for (const half of [messages.slice(0, middle), messages.slice(middle)])
        failed.push(
          ...(remaining() < SPARE_MILLISECONDS ? giveBack(half) : await handleInTime(half, remaining, false)),
        );
      return failed;
    }
  };

  return async (
    { Records }: Pick<SQSEvent, 'Records'>,
    invocation?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    try {
      const parsed = Records.map((record) => ({ messageId: record.messageId, message: parse(record) }));
      const invalid = parsed.filter(({ message }) => message === undefined).map(({ messageId }) => messageId);
      const failed = await handleInTime(
        parsed.flatMap(({ message }) => message ?? []),
        () => invocation?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY,
      );
      if (failed.length > 0) metrics.count('FailedMessages', failed.length);
      return { batchItemFailures: [...invalid, ...failed].map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      metrics.flush();
    }
  };
};
