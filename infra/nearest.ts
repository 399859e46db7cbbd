/** How many letters must be put in, left out, replaced or swapped with their neighbour to make one word of the other. */
const distance = (a: string, b: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
};

/** The known name that was most likely meant by `given`; undefined when none is near. */
export const nearest = (given: string, known: readonly string[]): string | undefined => {
  const near = known
    .map((name) => ({ name, off: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, off }) => off <= Math.max(2, Math.floor(name.length / 3)));
  return near.toSorted((a, b) => a.off - b.off)[0]?.name;
};
