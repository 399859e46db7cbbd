import { nameKey } from '../directory/name-key.ts';

/** How the values of a criterion compare. */
export interface Comparison {
  /** The form in which two spellings of a value are the same text. */
  readonly keyOf: (value: string) => string;
  /** Whether a rule that lists `listed` fits an account of this value. Both sides are keys. */
  readonly covers: (listed: ReadonlySet<string>, key: string) => boolean;
}

/** Whole values, without regard to case and to spaces around them. */
export const wholeValues: Comparison = {
  keyOf: nameKey,
  covers: (listed, key) => listed.has(key),
};

/** Beginnings of postal codes, without regard to case and spaces: `SW1` is the beginning of `sw1a 1aa`. */
export const prefixes: Comparison = {
  keyOf: (value) => nameKey(value).replaceAll(' ', ''),
  covers: (listed, key) => {
    for (let length = 1; length <= key.length; length += 1) if (listed.has(key.slice(0, length))) return true;
    return false;
  },
};

/** Values that belong to an area: those covered by `within` (without it all, and accounts that tell none), less those covered by `except`. */
export interface ValueSet {
  readonly within?: ReadonlySet<string> | undefined;
  readonly except: ReadonlySet<string>;
}

export const anyValue: ValueSet = { except: new Set() };

export const holdsValue = (
  { within, except }: ValueSet,
  key: string | undefined,
  { covers }: Comparison,
): boolean => {
  if (key === undefined) return within === undefined;
  return (within === undefined || covers(within, key)) && !covers(except, key);
};

/** Whether no account could have such a value. There are endlessly many: no list of longer prefixes exhausts a shorter one. */
export const isNoValue = ({ within }: ValueSet): boolean => within?.size === 0;

/** The values of the set that a rule lists. */
export const listedOf = (
  { within, except }: ValueSet,
  listed: ReadonlySet<string>,
  comparison: Comparison,
): ValueSet => {
  const { covers } = comparison;
  const both =
    within === undefined
      ? listed
      : [
          ...[...within].filter((key) => covers(listed, key)),
          ...[...listed].filter((key) => covers(within, key)),
        ];
  return tidy({ within: new Set(both), except }, comparison);
};

/** The values of the set that a rule does not list. */
export const unlistedOf = (
  { within, except }: ValueSet,
  listed: ReadonlySet<string>,
  comparison: Comparison,
): ValueSet => tidy({ within, except: new Set([...except, ...listed]) }, comparison);

/** The same set without what says nothing: values that are excepted as a whole, and exceptions from what isn't in it. */
const tidy = ({ within, except }: ValueSet, { covers }: Comparison): ValueSet => {
  if (within === undefined) return { except };
  const left = new Set([...within].filter((key) => !covers(except, key)));
  return { within: left, except: new Set([...except].filter((key) => covers(left, key))) };
};
