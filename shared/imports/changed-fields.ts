import { canonicalText } from '../json/canonical-text.ts';

/** What every change changes, and what only imports know of. */
const unsaid = new Set(['version', 'createdAt', 'updatedAt', 'importHash']);

/** Names of the fields in which two states of a record differ, in their order. */
export const changedFields = (before: object, after: object): readonly string[] => {
  const [was, is] = [before, after].map((state) => new Map<string, unknown>(Object.entries(state)));
  const said = (value: unknown) => (value === undefined ? undefined : canonicalText(value));
  return [...new Set([...(is?.keys() ?? []), ...(was?.keys() ?? [])])].filter(
    (name) => !unsaid.has(name) && said(was?.get(name)) !== said(is?.get(name)),
  );
};
