import * as z from 'zod';
import { baseConfig, parseConfig } from '../../../shared/config/config.ts';
import { s3Client } from '../../../shared/config/s3-client.ts';
import { consumer } from '../../../shared/events/consumer.ts';
import { auditArchive } from '../audit/archive.ts';
import { recordChanges } from '../audit/record.ts';
import { teamTable } from '../store.ts';
import { audit } from '../subscriptions.ts';

const config = parseConfig(baseConfig.extend({ BUCKET_NAME: z.string().min(1) }), process.env);
const table = teamTable(process.env);
const archive = auditArchive(s3Client(config), config.BUCKET_NAME);

export const handler = consumer({
  subscription: audit,
  handle: async (messages) =>
    recordChanges(
      messages.map(({ event }) => event),
      { table, archive },
    ),
});
