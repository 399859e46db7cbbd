import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { inChunks, mergedStreams } from '../../../../services/deals/activities/merged-streams.ts';

async function* streamOf(keys: readonly string[]): AsyncGenerator<{ key: string }, void> {
  for (const key of keys) yield await Promise.resolve({ key });
}

const collected = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const each of stream) all.push(each);
  return all;
};

const lastFirst = (keys: Iterable<string>): string[] => [...keys].toSorted().toReversed();

test.prop([fc.uniqueArray(fc.string(), { maxLength: 40 }), fc.integer({ min: 1, max: 5 })])(
  'streams that are merged are one stream, the last first, with nothing lost',
  async (keys, parts) => {
    const streams = Array.from({ length: parts }, (_, part) =>
      streamOf(lastFirst(keys.filter((__, index) => index % parts === part))),
    );
    expect((await collected(mergedStreams(streams))).map(({ key }) => key)).toEqual(lastFirst(keys));
  },
);

test.prop([fc.array(fc.string(), { maxLength: 40 }), fc.integer({ min: 1, max: 7 })])(
  'chunks hold what the stream held, in its order',
  async (keys, size) => {
    const chunks = await collected(inChunks(streamOf(keys), size));
    expect(chunks.flat().map(({ key }) => key)).toEqual(keys);
    expect(chunks.slice(0, -1).every((chunk) => chunk.length === size)).toBe(true);
  },
);
