/** One place where two states differ; absent on a side where there is nothing. */
export interface Difference {
  /** A JSON pointer (RFC 6901); the empty one is the whole. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Its own alone: a field may be called as something that every object has. */
const fieldOf = (container: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(container, name) ? container[name] : undefined;

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Where two JSON values differ, as deep down as both go: objects by their fields, lists by their places. An empty answer
 * says that they are the same.
 */
export const differences = (before: unknown, after: unknown, path = ''): readonly Difference[] => {
  const goesDeeper =
    isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after);
  if (!goesDeeper) {
    if (before === after) return [];
    return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    differences(fieldOf(before, name), fieldOf(after, name), `${path}/${escaped(name)}`),
  );
};
