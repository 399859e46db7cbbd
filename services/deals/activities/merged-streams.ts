/** Something in a sorted stream. Keys are unique over all streams that are merged. */
export interface Keyed {
  readonly key: string;
}

/** Several streams, each sorted by key, the last first, as one; read as it is consumed. */
export async function* mergedStreams<T extends Keyed>(
  streams: readonly AsyncGenerator<T, void>[],
): AsyncGenerator<T, void> {
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    const [first] = heads
      .flatMap((run) => (run.next.done === true ? [] : [{ run, value: run.next.value }]))
      .toSorted((a, b) => (a.value.key < b.value.key ? 1 : -1));
    if (first === undefined) return;
    yield first.value;
    first.run.next = await first.run.stream.next();
  }
}

/** The stream's items so many at a time. */
export async function* inChunks<T>(stream: AsyncIterable<T>, size: number): AsyncGenerator<T[], void> {
  let chunk: T[] = [];
  for await (const item of stream) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
