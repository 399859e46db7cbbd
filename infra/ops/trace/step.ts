import * as z from 'zod';
import type { LogLine } from './log-query.ts';

/** One step of a chain, as a function logged it. */
export interface Step {
  readonly at: number;
  readonly unit: string;
  readonly level: string;
  readonly says: string;
  readonly subject: string | undefined;
  /** What else the line says of the step, by name. */
  readonly details: Readonly<Record<string, string>>;
}

const Line = z.looseObject({
  level: z.string(),
  message: z.string(),
  correlationId: z.string().optional(),
  subject: z.string().optional(),
});
type Line = z.infer<typeof Line>;

/** Of every line, or told elsewhere. */
const NOT_DETAILS = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'correlationId',
  'causationId',
  'subject',
  'sampling_rate',
  'xray_trace_id',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'cold_start',
]);

/** Undefined for what no function’s logger wrote: the platform’s own lines, and metrics. */
const lineOf = ({ message }: LogLine): Line | undefined => {
  try {
    return Line.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
};

const strings = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
};

/** A part of a line about one event, where the line is about many. */
interface Entry {
  readonly correlationId: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const Entry = z.looseObject({ correlationId: z.string() });

/** What a line tells of single events: itself, or the entries of its lists. */
const entriesOf = (line: Line): readonly Entry[] => {
  if (line.correlationId !== undefined) return [{ correlationId: line.correlationId, values: line }];
  return Object.values(line).flatMap((value) =>
    (Array.isArray(value) ? value : []).flatMap((entry) => {
      const parsed = Entry.safeParse(entry);
      return parsed.success ? [{ correlationId: parsed.data.correlationId, values: parsed.data }] : [];
    }),
  );
};

/** The chains that a line about `id` belongs to: `id` itself where it is a correlation id. */
export const correlationsOf = (line: LogLine, id: string): readonly string[] => {
  const parsed = lineOf(line);
  if (parsed === undefined) return [];
  return entriesOf(parsed)
    .filter(({ values }) => strings(values).includes(id))
    .map(({ correlationId }) => correlationId);
};

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const detailsOf = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      NOT_DETAILS.has(name) || value === undefined || Array.isArray(value)
        ? []
        : [[name, text(value)] as const],
    ),
  );

/** The steps of one chain among these lines, in their order. */
export const stepsOf = (lines: readonly LogLine[], correlationId: string): readonly Step[] =>
  lines.flatMap((line) => {
    const parsed = lineOf(line);
    if (parsed === undefined) return [];
    return entriesOf(parsed)
      .filter((entry) => entry.correlationId === correlationId)
      .map(({ values }) => ({
        at: line.at,
        unit: line.unit,
        level: parsed.level,
        says: parsed.message,
        subject: typeof values.subject === 'string' ? values.subject : undefined,
        details: detailsOf(values),
      }));
  });
