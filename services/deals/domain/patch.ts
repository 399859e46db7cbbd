/** What a patch may hold for each field of `T`: null empties a field that may be empty. */
export type Patch<T> = { readonly [Name in keyof T]?: T[Name] | null | undefined };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether two JSON values say the same, whatever the order of their fields: the table keeps none. */
export const isSame = (a: unknown, b: unknown): boolean => {
  if (!isObject(a) || !isObject(b)) return a === b;
  const [ofA, ofB] = [a, b].map((each) => new Map<string, unknown>(Object.entries(each)));
  const names = new Set([...(ofA?.keys() ?? []), ...(ofB?.keys() ?? [])]);
  return [...names].every((name) => isSame(ofA?.get(name), ofB?.get(name)));
};

/** The resource with what the patch names changed; the very same object where nothing changes. */
export const patched = <T extends object>(resource: T, patch: Patch<T>): T => {
  const current = new Map<string, unknown>(Object.entries(resource));
  const changes = Object.entries(patch)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value ?? undefined] as const)
    .filter(([name, value]) => !isSame(current.get(name), value));
  return changes.length === 0 ? resource : { ...resource, ...Object.fromEntries(changes) };
};
