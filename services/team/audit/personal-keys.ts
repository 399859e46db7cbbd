import * as z from 'zod';
import { absent } from '../../../shared/dynamodb/expressions.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { newSealingKey } from '../../../shared/privacy/sealing.ts';

export const AUDIT_PERSONAL_KEY = 'audit-key';
const keyOf = (subject: string): Key => ({ pk: `audit-key#${subject}`, sk: 'state' });

const Kept = z.object({ pk: z.string(), secret: z.instanceof(Uint8Array).optional() });

/**
 * The keys that the personal values of the audit are sealed with, one for each person. A destroyed one leaves a mark, so
 * that an event that comes again, or late, makes no new one.
 */
export class PersonalKeys {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The person’s key; undefined where there is none, or none any more. */
  async find(subject: string): Promise<Uint8Array | undefined> {
    const item = await this.#table.get(keyOf(subject));
    return item && Kept.parse(item).secret;
  }

  /** A key for each of them, made where there was never one; those who were erased have none. */
  async forWriting(subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
    const found = new Map(
      (await this.#table.batchGet(subjects.map(keyOf))).map((item) => {
        const { pk, secret } = Kept.parse(item);
        return [pk, secret] as const;
      }),
    );
    const keys = new Map<string, Uint8Array | undefined>();
    for (const subject of new Set(subjects)) {
      const { pk } = keyOf(subject);
      keys.set(subject, found.has(pk) ? found.get(pk) : await this.#make(subject));
    }
    return keys;
  }

  /** From now on nobody reads who this was. */
  async destroy(subject: string): Promise<void> {
    await this.#table.put({ ...keyOf(subject), type: AUDIT_PERSONAL_KEY, erasedAt: this.#table.clock.now() });
  }

  async #make(subject: string): Promise<Uint8Array | undefined> {
    const secret = newSealingKey();
    const item: Item = { ...keyOf(subject), type: AUDIT_PERSONAL_KEY, secret };
    try {
      await this.#table.put(item, absent);
      return secret;
    } catch (error) {
      // Another worker was faster, or this write's answer was lost: what is there holds.
      if (!(error instanceof ConditionFailed)) throw error;
      return this.find(subject);
    }
  }
}
