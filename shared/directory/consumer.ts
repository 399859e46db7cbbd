import { baseConfig, parseConfig } from '../config/config.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { Table } from '../dynamodb/table.ts';
import { consumer } from '../events/consumer.ts';
import type { Subscription } from '../events/subscription.ts';
import { systemClock } from '../time/instant.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { storeDirectoryEvent } from './directory.ts';
import type { directoryEvents } from './items.ts';

type DirectoryEvent = (typeof directoryEvents)[number];

/** The handler that keeps it. Duplicates and late events change nothing, so their order does not matter. */
export const directoryConsumer = ({
  subscription: declared,
}: {
  subscription: Subscription<DirectoryEvent>;
}) => {
  const { TABLE_NAME, EPOCH } = parseConfig(baseConfig, process.env);
  const table = new Table({ client: documentClient(), name: TABLE_NAME, epoch: EPOCH, clock: systemClock });
  return consumer({
    subscription: declared,
    handle: async (messages) => ({
      outcomes: await mapConcurrently(messages, 10, async ({ event }) => storeDirectoryEvent(table, event)),
    }),
  });
};
