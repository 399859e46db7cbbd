import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type Condition,
  conditionExpression,
  Placeholders,
  type Update,
  updateExpression,
} from './expressions.ts';
import { assertItemFits, type Item, type Key } from './item.ts';

/** One write of a transaction; `check` only states what must hold. */
export type TransactItem =
  | { readonly put: Item; readonly condition?: Condition | undefined }
  | { readonly update: Update; readonly condition?: Condition | undefined }
  | { readonly remove: Key; readonly condition?: Condition | undefined }
  | { readonly check: Key; readonly condition: Condition };

type TransactEntry = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** @throws TooLarge for an item over 400 KB */
export const transactEntry = (tableName: string, item: TransactItem): TransactEntry => {
  const use = new Placeholders();
  // The update comes first only in the placeholders' numbering; the two expressions share them.
  const update = 'update' in item ? updateExpression(item.update, use) : '';
  const expression = item.condition && conditionExpression(item.condition, use);
  const base = { TableName: tableName, ...use.attributes() };
  const conditional =
    expression === undefined
      ? {}
      : { ConditionExpression: expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };

  if ('put' in item) {
    assertItemFits('item', item.put);
    return { Put: { ...base, ...conditional, Item: item.put } };
  }
  if ('update' in item)
    return { Update: { ...base, ...conditional, Key: { ...item.update.key }, UpdateExpression: update } };
  if ('remove' in item) return { Delete: { ...base, ...conditional, Key: { ...item.remove } } };
  return {
    ConditionCheck: {
      ...base,
      ...conditional,
      Key: { ...item.check },
      ConditionExpression: expression ?? '',
    },
  };
};
