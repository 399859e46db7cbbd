/**
 * Groups what touches buckets so that no group has more than `max` items: its members, and the buckets of all of them
 * together. What shares buckets goes together, as each bucket is then written once for many: the next member is always
 * the one that brings the fewest new buckets. A member that is too large even alone gets a group of its own.
 */
export const packed = <T>(
  members: readonly T[],
  bucketsOf: (member: T) => Iterable<string>,
  max: number,
): T[][] => {
  const buckets = members.map((member) => new Set(bucketsOf(member)));
  const touching = new Map<string, number[]>();
  for (const [index, ids] of buckets.entries()) {
    for (const id of ids) {
      const known = touching.get(id);
      if (known === undefined) touching.set(id, [index]);
      else known.push(index);
    }
  }

  const left = new Set(members.keys());
  const groups: T[][] = [];
  while (left.size > 0) {
    const missing = buckets.map((ids) => ids.size);
    const inGroup = new Set<string>();
    const group: T[] = [];
    for (
      let next = first(left);
      next !== undefined;
      next = cheapest(left, missing, max - inGroup.size - group.length)
    ) {
      left.delete(next);
      const member = members[next];
      if (member !== undefined) group.push(member);
      for (const id of buckets[next] ?? []) {
        if (inGroup.has(id)) continue;
        inGroup.add(id);
        for (const index of touching.get(id) ?? []) missing[index] = (missing[index] ?? 0) - 1;
      }
    }
    groups.push(group);
  }
  return groups;
};

const first = (left: ReadonlySet<number>): number | undefined => {
  const [index] = left;
  return index;
};

/** The index that brings the fewest new buckets, if it and they fit into `room`. */
const cheapest = (
  left: ReadonlySet<number>,
  missing: readonly number[],
  room: number,
): number | undefined => {
  let best: number | undefined;
  let fewest = room;
  for (const index of left) {
    const brings = missing[index] ?? 0;
    if (brings >= fewest) continue;
    if (brings === 0) return index;
    best = index;
    fewest = brings;
  }
  return best;
};
