import type { Item, Key } from './item.ts';

/** When a write may happen. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present' }
  /** Each attribute has this value; `undefined` means that it must not be there. */
  | { readonly kind: 'equals'; readonly attributes: Item }
  /** Nothing is there, or what is there has an older (`epoch`, `version`). */
  | { readonly kind: 'newer'; readonly epoch: number; readonly version: number };

export const absent: Condition = { kind: 'absent' };
export const present: Condition = { kind: 'present' };
export const equals = (attributes: Item): Condition => ({ kind: 'equals', attributes });
export const newer = (than: { readonly epoch: number; readonly version: number }): Condition => ({
  kind: 'newer',
  epoch: than.epoch,
  version: than.version,
});

/** Changes of single attributes. `add` is blind: it needs no read, and makes the item and attribute if absent. */
export interface Update {
  readonly key: Key;
  /** Names are taken literally, dots included: `c.wonDeals` is one top-level attribute. */
  readonly add?: Readonly<Record<string, number>> | undefined;
  /** `undefined` values are left out. */
  readonly set?: Item | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** Collects placeholders, so that no attribute name can meet a reserved word or be read as a path. */
export class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  readonly #nameOf = new Map<string, string>();
  #count = 0;

  name(attribute: string): string {
    const known = this.#nameOf.get(attribute);
    if (known !== undefined) return known;
    const placeholder = `#n${this.#nameOf.size}`;
    this.#nameOf.set(attribute, placeholder);
    this.names[placeholder] = attribute;
    return placeholder;
  }

  value(value: unknown): string {
    const placeholder = `:v${this.#count}`;
    this.#count += 1;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** DynamoDB refuses empty maps. */
  attributes(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  } {
    return {
      ...(this.#nameOf.size > 0 && { ExpressionAttributeNames: this.names }),
      ...(this.#count > 0 && { ExpressionAttributeValues: this.values }),
    };
  }
}

export const conditionExpression = (condition: Condition, use: Placeholders): string => {
  switch (condition.kind) {
    case 'absent':
      return `attribute_not_exists(${use.name('pk')})`;
    case 'present':
      return `attribute_exists(${use.name('pk')})`;
    case 'equals':
      return Object.entries(condition.attributes)
        .map(([name, value]) =>
          value === undefined
            ? `attribute_not_exists(${use.name(name)})`
            : `${use.name(name)} = ${use.value(value)}`,
        )
        .join(' AND ');
    case 'newer': {
      const [epoch, version] = [use.name('epoch'), use.name('version')];
      const [atEpoch, atVersion] = [use.value(condition.epoch), use.value(condition.version)];
      return `attribute_not_exists(${use.name('pk')}) OR ${epoch} < ${atEpoch} OR (${epoch} = ${atEpoch} AND ${version} < ${atVersion})`;
    }
  }
};

const clause = (keyword: string, parts: readonly string[]): string[] =>
  parts.length === 0 ? [] : [`${keyword} ${parts.join(', ')}`];

export const updateExpression = (update: Update, use: Placeholders): string => {
  const set = Object.entries(update.set ?? {}).filter(([, value]) => value !== undefined);
  return [
    ...clause(
      'SET',
      set.map(([name, value]) => `${use.name(name)} = ${use.value(value)}`),
    ),
    ...clause(
      'ADD',
      Object.entries(update.add ?? {}).map(([name, by]) => `${use.name(name)} ${use.value(by)}`),
    ),
    ...clause(
      'REMOVE',
      (update.remove ?? []).map((name) => use.name(name)),
    ),
  ].join(' ');
};
