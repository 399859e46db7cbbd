import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { type Difference, differences } from '../../../services/team/domain/differences.ts';

const state = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Makes one change, where its pointer leads. A shortened list loses its last places first. */
const apply = (to: unknown, { path, after }: Difference): unknown => {
  if (path === '') return after;
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop() ?? '';
  let at = to;
  for (const name of names) at = isContainer(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  if (!isContainer(at)) throw new Error(`${path} leads nowhere`);
  if (after !== undefined)
    Object.defineProperty(at, last, { value: after, enumerable: true, writable: true, configurable: true });
  else if (Array.isArray(at)) at.pop();
  else Reflect.deleteProperty(at, last);
  return to;
};

test('what differs, changed at its places, makes the one state of the other', () => {
  fc.assert(
    fc.property(state, state, (before, after) => {
      const changed = differences(before, after).reduce<unknown>(apply, structuredClone(before));
      expect(changed).toEqual(after);
    }),
  );
});

test('a state does not differ from itself', () => {
  fc.assert(
    fc.property(state, (same) => {
      expect(differences(same, structuredClone(same))).toEqual([]);
    }),
  );
});
