/** Those items that `isWanted` takes, in their order; all are asked about at once. */
export const filterAsync = async <T>(
  items: readonly T[],
  isWanted: (item: T) => Promise<boolean>,
): Promise<T[]> => {
  const kept = await Promise.all(items.map(async (item) => ((await isWanted(item)) ? [item] : [])));
  return kept.flat();
};
