import { LogFormatter, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { withoutAddresses } from './without-addresses.ts';

interface FormattedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: FormattedError | undefined;
  readonly [field: string]: unknown;
}

/** Numbers, truths and codes tell what kind of failure it is; other fields of an error may hold items, and so people. */
const tellingFields = (error: Error): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(error).filter(
      ([name, value]) => typeof value === 'number' || typeof value === 'boolean' || name === 'code',
    ),
  );

const formatted = (error: Error): FormattedError => ({
  ...tellingFields(error),
  name: error.name,
  message: withoutAddresses(error.message),
  ...(error.stack !== undefined && { stack: withoutAddresses(error.stack) }),
  ...(error.cause instanceof Error && { cause: formatted(error.cause) }),
});

/**
 * A line with what is looked for, and no more: ingestion is paid by the byte, and the log group tells the function.
 * Errors are told without what they carry.
 */
export class LineFormatter extends LogFormatter {
  override formatAttributes(base: UnformattedAttributes, additional: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        level: base.logLevel,
        message: base.message,
        timestamp: this.formatTimestamp(base.timestamp),
        service: base.serviceName,
        xray_trace_id: base.xRayTraceId,
        function_request_id: base.lambdaContext?.awsRequestId,
        ...additional,
      },
    });
  }

  override formatError(error: Error): LogAttributes {
    return { ...formatted(error) };
  }
}
