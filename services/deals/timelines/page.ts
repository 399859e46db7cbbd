import { mergedStreams } from '../activities/merged-streams.ts';
import type { TimelineEntry } from '../domain/timelines/timeline.ts';
import type { EntryStream } from './sources.ts';

/** After this many that the reader may not see, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;

export interface TimelinePage {
  readonly items: readonly TimelineEntry[];
  /** Key of the last entry that was looked at, if there may be more. */
  readonly after?: string;
}

/** The streams as one, the last entries first. Each may begin with entries that lie before `after`. */
export const timelinePage = async (
  streams: readonly EntryStream[],
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<TimelinePage> => {
  const items: TimelineEntry[] = [];
  let examined = 0;
  let last: string | undefined;
  for await (const { key, entry } of mergedStreams(streams)) {
    if (after !== undefined && key >= after) continue;
    const isFull = items.length === limit && entry !== undefined;
    if (isFull || examined === MAX_EXAMINED) return { items, ...(last !== undefined && { after: last }) };
    if (entry !== undefined) items.push(entry);
    examined += 1;
    last = key;
  }
  return { items };
};
