import { BlockList, isIP } from 'node:net';

/** A pattern that EventBridge would refuse; the message is the one it answers with, as far as it is known. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidPattern';
}

export type Matches = (event: unknown) => boolean;

/** A leaf's test of one scalar of the event. */
type Test = (value: unknown) => boolean;
/** One node of a compiled pattern: `event` is what lies at this node's path, `root` the whole event. */
type Node = (event: unknown, root: unknown) => boolean;
type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown) => typeof value !== 'object' || value === null;

/** Event arrays match when any of their members does, however deeply they are nested. */
const scalarsOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.flatMap(scalarsOf) : value === undefined || isObject(value) ? [] : [value];

const objectsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.flatMap(objectsOf) : isObject(value) ? [value] : [];

/** Whether any scalar lies at `path`; an object or an empty array there does not count, only leaves do. */
const isPresent = (value: unknown, [key, ...rest]: readonly string[]): boolean =>
  key === undefined
    ? scalarsOf(value).length > 0
    : objectsOf(value).some((member) => isPresent(member[key], rest));

const stringsOf = (operand: unknown, operator: string): readonly string[] => {
  const list = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (!list.every((entry) => typeof entry === 'string'))
    throw new InvalidPattern(`${operator} match pattern must be a string`);
  return list;
};

const onString =
  (test: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

const wildcardExpression = (pattern: string): RegExp => {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      if (pattern.charAt(at + 1) === '*')
        throw new InvalidPattern(`Consecutive wildcard characters at pos ${String(at + 1)}`);
      source += '[^]*';
      continue;
    }
    if (character === '\\') {
      at += 1;
      if (!['*', '\\'].includes(pattern.charAt(at)))
        throw new InvalidPattern(`Invalid escape character at pos ${String(at - 1)}`);
    }
    source += pattern.charAt(at).replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
  }
  return new RegExp(`^${source}$`);
};

const comparisons: Readonly<Record<string, (value: number, operand: number) => boolean>> = {
  '=': (value, operand) => value === operand,
  '<': (value, operand) => value < operand,
  '<=': (value, operand) => value <= operand,
  '>': (value, operand) => value > operand,
  '>=': (value, operand) => value >= operand,
};

const numericTest = (operand: unknown): Test => {
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) {
    throw new InvalidPattern('Numeric match takes one comparison or a range of two');
  }
  const parts: readonly unknown[] = operand;
  const tests = [0, 2].slice(0, parts.length / 2).map((at) => {
    const [operator, bound] = [parts[at], parts[at + 1]];
    const compare = typeof operator === 'string' ? comparisons[operator] : undefined;
    if (compare === undefined)
      throw new InvalidPattern(`Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof bound !== 'number') throw new InvalidPattern(`Value of ${String(operator)} must be numeric`);
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const cidrTest = (operand: unknown): Test => {
  const [network, bits] = typeof operand === 'string' ? operand.split('/') : [];
  const version = isIP(network ?? '');
  if (network === undefined || version === 0)
    throw new InvalidPattern('Malformed CIDR, one "/" and an IP address required');
  const block = new BlockList();
  const family = version === 6 ? 'ipv6' : 'ipv4';
  block.addSubnet(network, bits === undefined ? (version === 6 ? 128 : 32) : Number(bits), family);
  return onString((text) => isIP(text) === version && block.check(text, family));
};

/** `prefix` and `suffix` take a string, or a string to compare without regard to case. */
const affixTest = (operand: unknown, operator: 'prefix' | 'suffix'): Test => {
  const found = (text: string, affix: string) =>
    operator === 'prefix' ? text.startsWith(affix) : text.endsWith(affix);
  if (isObject(operand)) {
    const affixes = stringsOf(operand['equals-ignore-case'], operator).map((affix) => affix.toLowerCase());
    return onString((text) => affixes.some((affix) => found(text.toLowerCase(), affix)));
  }
  const affixes = stringsOf(operand, operator);
  return onString((text) => affixes.some((affix) => found(text, affix)));
};

const caseTest = (operand: unknown): Test => {
  const wanted = stringsOf(operand, 'equals-ignore-case').map((text) => text.toLowerCase());
  return onString((text) => wanted.includes(text.toLowerCase()));
};

const wildcardTest = (operand: unknown): Test => {
  const expressions = stringsOf(operand, 'wildcard').map(wildcardExpression);
  return onString((text) => expressions.some((expression) => expression.test(text)));
};

const anythingBut = (operand: unknown): Test => {
  const excluded = isObject(operand)
    ? operatorTest(operand, ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'])
    : oneOf(Array.isArray(operand) ? operand : [operand]);
  return (value) => !excluded(value);
};

const oneOf = (list: readonly unknown[]): Test => {
  if (list.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  if (!list.every(isScalar)) throw new InvalidPattern('Value of anything-but must be strings or numbers');
  return (value) => list.includes(value);
};

const operators: Readonly<Record<string, (operand: unknown) => Test>> = {
  prefix: (operand) => affixTest(operand, 'prefix'),
  suffix: (operand) => affixTest(operand, 'suffix'),
  'equals-ignore-case': caseTest,
  wildcard: wildcardTest,
  numeric: numericTest,
  cidr: cidrTest,
  'anything-but': anythingBut,
};

const operatorTest = (matcher: JsonObject, allowed: readonly string[] = Object.keys(operators)): Test => {
  const [entry, ...more] = Object.entries(matcher);
  if (entry === undefined) throw new InvalidPattern('Empty objects are not allowed');
  if (more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  const [operator, operand] = entry;
  const build = allowed.includes(operator) ? operators[operator] : undefined;
  if (build === undefined) throw new InvalidPattern(`Unrecognized match type ${operator}`);
  return build(operand);
};

const isExists = (matcher: unknown): matcher is { exists: boolean } =>
  isObject(matcher) && typeof matcher.exists === 'boolean' && Object.keys(matcher).length === 1;

const leaf = (matchers: readonly unknown[], path: readonly string[]): Node => {
  if (matchers.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  const nodes = matchers.map((matcher): Node => {
    // Absence is asked of the whole event: one member of an array without the field does not make it absent.
    if (isExists(matcher)) {
      return matcher.exists ? (value) => scalarsOf(value).length > 0 : (_, root) => !isPresent(root, path);
    }
    if (Array.isArray(matcher)) throw new InvalidPattern('Arrays within arrays are not allowed');
    const test: Test = isObject(matcher) ? operatorTest(matcher) : (value) => value === matcher;
    return (value) => scalarsOf(value).some(test);
  });
  return (value, root) => nodes.some((node) => node(value, root));
};

const reserved = [...Object.keys(operators), 'exists'];

/** `$or` is an operator only over at least two objects of fields; anything else is a field by that name. */
const alternativesOf = (value: unknown): readonly JsonObject[] | undefined =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((entry) => isObject(entry) && Object.keys(entry).every((key) => !reserved.includes(key)))
    ? (value as readonly JsonObject[])
    : undefined;

const branch = (pattern: JsonObject, path: readonly string[]): Node => {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPattern('Empty objects are not allowed');
  const nodes = entries.map(([key, value]): Node => {
    const alternatives = key === '$or' ? alternativesOf(value) : undefined;
    if (alternatives !== undefined) {
      const options = alternatives.map((alternative) => branch(alternative, path));
      return (event, root) => options.some((option) => option(event, root));
    }
    const below = [...path, key];
    const node = Array.isArray(value)
      ? leaf(value, below)
      : isObject(value)
        ? branch(value, below)
        : undefined;
    if (node === undefined) throw new InvalidPattern(`"${key}" must be an object or an array`);
    return (event, root) => node(isObject(event) ? event[key] : undefined, root);
  });
  // Of an array of objects, one and the same member has to satisfy everything below this point.
  return (event, root) => {
    const members = objectsOf(event);
    const every = (member: unknown) => nodes.every((node) => node(member, root));
    return members.length === 0 ? every(undefined) : members.some(every);
  };
};

/**
 * Compiles an EventBridge event pattern, as used by rules and by the filters of event source mappings.
 * Throws InvalidPattern where EventBridge would refuse the pattern.
 */
export const compilePattern = (pattern: unknown): Matches => {
  if (!isObject(pattern)) throw new InvalidPattern('Filter is not an object');
  const node = branch(pattern, []);
  return (event) => node(event, event);
};
