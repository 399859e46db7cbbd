import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ImportRow } from '../../../shared/imports/kind.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { startOfDay } from '../../../shared/time/zone.ts';
import { optionalCell, quoted, RowRefused } from './row.ts';
import type { Referred } from './lookup.ts';

/** A whole number, as files have it. */
export const countCell = <Field extends string>(
  row: ImportRow<Field>,
  field: Field,
  schema: z.ZodType<number, number>,
): number | undefined =>
  optionalCell(
    row,
    field,
    z
      .string()
      .regex(/^-?\d{1,12}$/, 'must be a whole number')
      .transform(Number)
      .pipe(schema),
  );

/** An instant, or a day's first one in the zone. @throws RowRefused for what is neither */
export const instantCell = <Field extends string>(
  row: ImportRow<Field>,
  field: Field,
  timeZone: string,
): Instant | undefined => {
  const cell: string | undefined = row.cells[field];
  if (cell === undefined) return undefined;
  const day = Day.safeParse(cell);
  if (day.success) return startOfDay(day.data, timeZone);
  const instant = Instant.safeParse(cell);
  if (instant.success) return instant.data;
  throw new RowRefused(
    field,
    `${quoted(cell)} must be a day such as 2026-11-23, or an instant with its zone`,
  );
};

/** The id that a cell stands for, undefined where it is empty. @throws RowRefused for none, or several */
export const referredId = <Id, Field extends string>(
  row: ImportRow<Field>,
  field: Field,
  find: (text: string) => Referred<{ readonly id: Id }>,
): Id | undefined => {
  const cell: string | undefined = row.cells[field];
  if (cell === undefined) return undefined;
  const referred = find(cell);
  if (referred === undefined) throw new RowRefused(field, `there is no ${field} ${quoted(cell)}`);
  if ('several' in referred)
    throw new RowRefused(field, `several ${field}s are named ${quoted(cell)}; give the id`);
  return referred.found.id;
};

/** Tells whether the same row comes again. */
export const rowHash = ({ cells }: ImportRow): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(cells).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url')
    .slice(0, 16);
