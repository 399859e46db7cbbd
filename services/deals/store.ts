import * as z from 'zod';
import { baseConfig, parseConfig } from '../../shared/config/config.ts';
import { s3Client, s3LinkClient } from '../../shared/config/s3-client.ts';
import { documentClient } from '../../shared/dynamodb/document-client.ts';
import { Table } from '../../shared/dynamodb/table.ts';
import { ImportAdvanced } from '../../shared/events/deals.ts';
import type { ImportStorage } from '../../shared/imports/storage.ts';
import { type Clock, systemClock } from '../../shared/time/instant.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The service's own table, from a function's environment. */
export const dealsTable = (env: Environment, clock: Clock = systemClock): Table => {
  const { TABLE_NAME, EPOCH } = parseConfig(baseConfig, env);
  return new Table({ client: documentClient(), name: TABLE_NAME, epoch: EPOCH, clock });
};

/** Where imports and their files are kept. */
export const dealsImports = (env: Environment, table: Table): ImportStorage => {
  const config = parseConfig(baseConfig.extend({ BUCKET_NAME: z.string().min(1) }), env);
  return {
    table,
    s3: s3Client(config),
    links: s3LinkClient(config),
    bucket: config.BUCKET_NAME,
    service: 'deals',
    advanced: ImportAdvanced,
  };
};
