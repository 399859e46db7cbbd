import { Logger } from '@aws-lambda-powertools/logger';
import type { Cause } from '../events/cause.ts';
import { LineFormatter } from './line-formatter.ts';

export type { Logger } from '@aws-lambda-powertools/logger';

/** JSON lines; service name and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. Log ids, never personal data. */
export const createLogger = (): Logger => new Logger({ logFormatter: new LineFormatter() });

/** A logger whose every line can be joined with the other steps of the same chain. */
export const loggerFor = (
  logger: Logger,
  { correlationId, causationId }: Pick<Cause, 'correlationId' | 'causationId'>,
  keys: Readonly<Record<string, string | number>> = {},
): Logger => {
  const child = logger.createChild();
  child.appendKeys({ correlationId, causationId, ...keys });
  return child;
};
