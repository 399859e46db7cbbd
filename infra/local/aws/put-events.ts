import * as z from 'zod';
import { AwsError } from './aws-error.ts';
import type { BusEntry, Buses } from '../bus.ts';
import { nameIn } from '../local-names.ts';

const PutEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.string().default(''),
      DetailType: z.string().default(''),
      Detail: z.string().default(''),
      EventBusName: z.string().default('default'),
      Resources: z.array(z.string()).default([]),
      // The SDK sends seconds since the epoch.
      Time: z.union([z.number(), z.string()]).optional(),
      TraceHeader: z.string().optional(),
    }),
  ),
});
type Entry = z.infer<typeof PutEvents>['Entries'][number];

const ENTRIES = 10;
const REQUEST_BYTES = 1_048_576;

const busEntry = ({ Source, DetailType, Detail, EventBusName, Resources, Time }: Entry): BusEntry => ({
  bus: nameIn(EventBusName),
  source: Source,
  detailType: DetailType,
  detail: Detail,
  resources: Resources,
  ...(Time === undefined
    ? {}
    : { time: new Date(typeof Time === 'number' ? Time * 1000 : Time).toISOString() }),
});

/** EventBridge's PutEvents, with its limits: ten entries and 1 MB a request. Throws AwsError. */
export const putEvents =
  (buses: Buses) =>
  (operation: string, input: unknown): unknown => {
    if (operation !== 'PutEvents')
      throw new AwsError('InvalidAction', `the local run has no ${operation} of EventBridge`);
    const { Entries } = PutEvents.parse(input);
    if (Entries.length === 0 || Entries.length > ENTRIES) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Entries must have length between 1 and ${String(ENTRIES)}`,
      );
    }
    const bytes = Entries.reduce(
      (sum, { Source, DetailType, Detail }) => sum + Buffer.byteLength(Source + DetailType + Detail),
      0,
    );
    if (bytes > REQUEST_BYTES)
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    const answers = buses.put(Entries.map(busEntry));
    return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
  };
