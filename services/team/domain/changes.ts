/** For each field: a new value, `null` to take the value away, or nothing to leave it. */
export type Changes<T> = { readonly [Field in keyof T]?: T[Field] | null | undefined };

/** The entity with the changes made. */
export const withChanges = <T extends object>(entity: T, changes: Changes<Partial<T>>): T => {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const merged = { ...entity, ...Object.fromEntries(given) };
  // What is null was optional: the routes' schemas let no other field be taken away.
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as T;
};
