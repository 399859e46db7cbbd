/** Runs `work` for every item, at most `limit` at a time; answers in the items' order. The first error stops new work. */
export const mapConcurrently = async <Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> => {
  const results = new Array<Result>(items.length);
  // One iterator shared by all lanes: each takes the next item as it gets free.
  const entries = items.entries();
  let isStopped = false;
  const lane = async () => {
    for (const [index, item] of entries) {
      if (isStopped) return;
      results[index] = await work(item, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  } catch (error) {
    isStopped = true;
    throw error;
  }
  return results;
};
