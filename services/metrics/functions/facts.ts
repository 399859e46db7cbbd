import { Directory } from '../../../shared/directory/directory.ts';
import { consumer } from '../../../shared/events/consumer.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { facts } from '../subscriptions.ts';
import { measuring } from '../store/measuring.ts';
import { Names } from '../store/names.ts';
import { takeIn } from '../store/take-in.ts';
import { metricsTable } from '../store/table.ts';

const table = metricsTable(process.env);
const names = new Names(table);
const directory = new Directory(table);

export const handler = consumer({
  subscription: facts,
  handle: async (messages, context) =>
    takeIn(messages, {
      table,
      names,
      settings: await directory.organization(),
      onCounted: measuring(messages, context, systemClock),
    }),
});
