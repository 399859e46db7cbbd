import { readFileSync } from 'node:fs';
import * as z from 'zod';

const amount = z.number().min(0);

/** What one deal costs on its whole way (opened, staged, won, counted, judged by goals), where this many go together. */
const PerDeal = z.object({
  together: z.int().positive(),
  writeUnits: amount,
  readUnits: amount,
  dynamoDbCalls: amount,
  apiRequests: amount,
  /** Entries put on the bus. */
  events: amount,
  eventBytes: amount,
  /** Messages that queues handed to functions, and the batches they came in. */
  messages: amount,
  batches: amount,
  /** By the function's name without stage, as in `deals-api`. */
  invocations: z.record(z.string(), amount),
  milliseconds: z.record(z.string(), amount),
  logBytes: amount,
});
export type PerDeal = z.infer<typeof PerDeal>;

export const Measured = z.object({
  measuredAt: z.string(),
  machine: z.string(),
  deals: z.array(PerDeal).min(1),
  /** One report or list that somebody looks at. */
  read: z.object({ readUnits: amount, milliseconds: amount, dynamoDbCalls: amount, logBytes: amount }),
  /** What a deal leaves in all tables together, indexes included. */
  storedBytes: amount,
});
export type Measured = z.infer<typeof Measured>;

/** The figures that are kept beside this file; `npm run bench -- --only usage` measures them anew. */
export const measured = (): Measured =>
  Measured.parse(JSON.parse(readFileSync(new URL('measured.json', import.meta.url), 'utf8')));
