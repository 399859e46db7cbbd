import * as z from 'zod';
import { stepsOf as stepsOfLine } from '../../../shared/observability/steps.ts';
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

/** What is told of one event: a line’s own fields, or those of one of its events over them. */
const Told = z.looseObject({
  level: z.string(),
  message: z.string(),
  correlationId: z.string().optional(),
  subject: z.string().optional(),
  /** Chains that ended in this event. */
  mergedCorrelationIds: z.array(z.string()).optional(),
});
type Told = z.infer<typeof Told>;

/** Of every line, or shown in a column of its own. */
const NOT_DETAILS = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'xray_trace_id',
  'function_request_id',
  'requestId',
  'correlationId',
  'causationId',
  'eventId',
  'subject',
  'events',
]);

const LoggedError = z.object({ name: z.string(), message: z.string() });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Nothing for what no function’s logger wrote: the platform’s own lines, and metrics. */
const toldBy = ({ message }: LogLine): readonly Told[] => {
  const line = parsed(message);
  const steps = stepsOfLine(line);
  return (steps.length > 0 ? steps : [line]).flatMap((step) => Told.safeParse(step).data ?? []);
};

const strings = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
};

/** The chains that a line about `id` belongs to: `id` itself where it is a correlation id. */
export const correlationsOf = (line: LogLine, id: string): readonly string[] =>
  toldBy(line)
    .filter((told) => strings(told).includes(id))
    .flatMap(({ correlationId }) => correlationId ?? []);

const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join(',');
  const error = LoggedError.safeParse(value);
  return error.success ? `${error.data.name}: ${error.data.message}` : JSON.stringify(value);
};

const detailsOf = (told: Told): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(told)
      .filter(([name, value]) => !NOT_DETAILS.has(name) && value !== undefined && value !== null)
      .map(([name, value]) => [name, text(value)]),
  );

/** The steps of one chain among these lines, in their order. */
export const stepsOf = (lines: readonly LogLine[], correlationId: string): readonly Step[] =>
  lines.flatMap((line) =>
    toldBy(line)
      .filter(
        (told) => told.correlationId === correlationId || told.mergedCorrelationIds?.includes(correlationId),
      )
      .map((told) => ({
        at: line.at,
        unit: line.unit,
        level: told.level,
        says: told.message,
        subject: told.subject,
        details: detailsOf(told),
      })),
  );
