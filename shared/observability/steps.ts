import * as z from 'zod';
import type { Logger } from './logger.ts';

/** The `message` of each line that tells a step of a chain. Saved queries and `ops trace` go by them. */
export const steps = {
  requestDone: 'Request done',
  relayed: 'Event relayed',
  takenIn: 'Event taken in',
  importPage: 'Import page taken in',
  goalEvaluated: 'Goal evaluated',
  alertMailed: 'Alert mailed',
} as const;
export type StepName = (typeof steps)[keyof typeof steps];

/** What is told of one event on its way. Ids only: never a name, an address, a token or an amount. */
export const Step = z.looseObject({
  correlationId: z.string().optional(),
  /** The event that caused this one; absent for the first of a chain. */
  causationId: z.string().optional(),
  eventId: z.string().optional(),
  detailType: z.string().optional(),
  /** Whose state the event carries: `deal_…`, `bucket:rep:mem_…#2026-11-23#0`. */
  subject: z.string().optional(),
  version: z.number().optional(),
  outcome: z.string().optional(),
  /** What else it is about: the deals and orders that moved a bucket, an alert. */
  about: z.array(z.string()).optional(),
  /** Chains that ended in this event, because it came to stand for theirs as well. */
  mergedCorrelationIds: z.array(z.string()).optional(),
});
export type Step = z.infer<typeof Step>;

/** CloudWatch takes 256 KB in a line; so many characters are less, whatever they are. */
const LINE_CHARACTERS = 60_000;

const write = (logger: Logger, name: StepName, entries: readonly Step[], keys: object): void => {
  const [first = {}] = entries;
  if (entries.length === 1) {
    logger.info(name, { ...keys, ...first });
    return;
  }
  const isShared = (field: string): boolean => entries.every((entry) => entry[field] === first[field]);
  const shared = new Set(Object.keys(first).filter(isShared));
  const only = (entry: Step, wanted: (field: string) => boolean): Step =>
    Object.fromEntries(Object.entries(entry).filter(([field]) => wanted(field)));
  logger.info(name, {
    ...keys,
    ...only(first, (field) => shared.has(field)),
    events: entries.map((entry) => only(entry, (field) => !shared.has(field))),
  });
};

/**
 * One line for what a batch did, several where it is very long: a field that all its events share stands once, the rest in
 * `events`. A single event's line is flat.
 */
export const tellSteps = (
  logger: Logger,
  name: StepName,
  entries: readonly Step[],
  keys: Readonly<Record<string, unknown>> = {},
): void => {
  let line: Step[] = [];
  let characters = 0;
  for (const entry of entries) {
    const size = JSON.stringify(entry).length;
    if (line.length > 0 && characters + size > LINE_CHARACTERS) {
      write(logger, name, line, keys);
      line = [];
      characters = 0;
    }
    line.push(entry);
    characters += size;
  }
  if (line.length > 0) write(logger, name, line, keys);
};

const Line = z.looseObject({ message: z.enum(steps), events: z.array(Step).optional() });

/** The steps that a log line tells, each with all its fields; none for any other line. `line` is parsed JSON. */
export const stepsOf = (line: unknown): readonly (Step & { readonly message: StepName })[] => {
  const parsed = Line.safeParse(line);
  if (!parsed.success) return [];
  const { events = [{}], ...shared } = parsed.data;
  return events.map((entry) => ({ ...shared, ...entry }));
};
