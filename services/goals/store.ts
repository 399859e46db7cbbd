import { baseConfig, parseConfig } from '../../shared/config/config.ts';
import { documentClient } from '../../shared/dynamodb/document-client.ts';
import { Table } from '../../shared/dynamodb/table.ts';
import { type Clock, systemClock } from '../../shared/time/instant.ts';

/** The service's own table, from a function's environment. @throws ConfigInvalid */
export const goalsTable = (
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock = systemClock,
): Table => {
  const { TABLE_NAME, EPOCH } = parseConfig(baseConfig, env);
  return new Table({ client: documentClient(), name: TABLE_NAME, epoch: EPOCH, clock });
};
