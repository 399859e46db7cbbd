import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogLine } from './log-query.ts';

/** Marked with the function's label; what follows without a mark, such as a stack trace, belongs to the line before. */
const MARKED = /^\[([a-z][a-z0-9-]*)\] (.*)$/s;
const TIME = /"timestamp":"([^"]+)"/;
const METRIC_TIME = /"Timestamp":(\d{13})/;

const timeIn = (text: string): number | undefined => {
  const time = TIME.exec(text)?.[1];
  if (time !== undefined) return Date.parse(time);
  const metric = METRIC_TIME.exec(text)?.[1];
  return metric === undefined ? undefined : Number(metric);
};

/**
 * The lines of functions.log in the data folder, and of the file before it, in the order in which they were written. A line that does not
 * say when it was written has the time of the one before. `groupOf` gives the log group of a function's label.
 */
export const functionLog = async function* (
  folder: string,
  groupOf: (label: string) => string | undefined,
): AsyncGenerator<LogLine, void, undefined> {
  let open: LogLine | undefined;
  let time = 0;
  for (const name of ['functions.log.1', 'functions.log']) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const [, label, message] = MARKED.exec(text) ?? [];
      const group = label === undefined ? undefined : groupOf(label);
      if (group === undefined || message === undefined) {
        if (open !== undefined) open = { ...open, message: `${open.message}\n${text}` };
        continue;
      }
      if (open !== undefined) yield open;
      time = timeIn(message) ?? time;
      open = { timestamp: time, group, message };
    }
  }
  if (open !== undefined) yield open;
};
