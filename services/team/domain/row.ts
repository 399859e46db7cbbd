import type * as z from 'zod';
import type { RowOutcome } from '../../../shared/imports/kind.ts';
import type { MemberField } from './member-kind.ts';
import { NameCell } from './name.ts';
import type { Shelf } from './shelf.ts';

/** Why a row is not taken in; thrown while it is checked, before anything of it is done. */
export class RowRefused extends Error {
  readonly field: MemberField;
  /** The row may be taken in later, once what it refers to is there. */
  readonly isDeferred: boolean;

  constructor(
    field: MemberField,
    message: string,
    { isDeferred = false }: { readonly isDeferred?: boolean } = {},
  ) {
    super(message);
    this.field = field;
    this.isDeferred = isDeferred;
  }

  outcome(): RowOutcome<MemberField> {
    const outcome = this.isDeferred ? 'deferred' : 'rejected';
    return { outcome, field: this.field, message: this.message };
  }
}

/** The cell's value; throws RowRefused with what is wrong with it. */
export const parseCell = <Schema extends z.ZodType>(
  field: MemberField,
  schema: Schema,
  cell: string,
): z.output<Schema> => {
  const parsed = schema.safeParse(cell);
  if (parsed.success) return parsed.data;
  const what = cell === '' ? 'is empty' : `“${cell.slice(0, 60)}”`;
  throw new RowRefused(field, `${what}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
};

/** What a cell refers to: the entity that is there, or the name and id for the one to be made. */
export interface Target<T extends { readonly id: string }> {
  readonly id: T['id'];
  readonly name: string;
  readonly found: T | undefined;
}

/**
 * What the cell refers to, by name or id, or what was made of it by an earlier import and has been renamed since. Throws RowRefused where it is unknown and may not be made (deferred if it may
 * yet come), and where several have the name.
 */
export const target = <T extends { readonly id: string }>(
  shelf: Shelf<T>,
  cell: {
    readonly field: MemberField;
    readonly value: string | undefined;
    readonly idOf: (name: string) => T['id'];
  },
  { mayMake, mayCome = false }: { readonly mayMake: boolean; readonly mayCome?: boolean },
): Target<T> | undefined => {
  const { field, value, idOf } = cell;
  if (value === undefined) return undefined;
  const found = shelf.find(value);
  if (found.length > 1)
    throw new RowRefused(field, `“${value}” names ${String(found.length)} of them; give the id`);
  const entity = found[0] ?? shelf.get(idOf(value));
  if (entity !== undefined) return { id: entity.id, name: value, found: entity };
  if (mayMake) return { id: idOf(value), name: parseCell(field, NameCell, value), found: undefined };
  throw new RowRefused(field, `there is no ${field} “${value.slice(0, 60)}”`, { isDeferred: mayCome });
};
