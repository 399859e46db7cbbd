const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, inOrder(inner)]);
};

/** One text for every spelling of the same JSON value: neither clients nor DynamoDB keep the order of fields. */
export const canonicalText = (value: unknown): string => JSON.stringify(inOrder(value ?? null));
