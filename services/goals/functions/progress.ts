import { Directory } from '../../../shared/directory/directory.ts';
import { consumer } from '../../../shared/events/consumer.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { keepBuckets } from '../progress/keep-buckets.ts';
import { goalsTable } from '../store.ts';
import { progress as subscription } from '../subscriptions.ts';

const table = goalsTable(process.env);
const directory = new Directory(table);

export const handler = consumer({
  subscription,
  handle: async (messages, context) =>
    keepBuckets(
      messages,
      { table, clock: systemClock, organization: async () => directory.organization() },
      context,
    ),
});
