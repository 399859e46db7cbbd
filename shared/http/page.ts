import * as z from 'zod';
import { type CursorBinding, decodeCursor, encodeCursor, type Position } from './cursor.ts';

const message = (rule: string) => ({ error: rule });

/** A whole number in a query string. */
export const queryInteger = (min: number, max: number) => {
  const rule = message(`must be a whole number from ${String(min)} to ${String(max)}`);
  return z
    .string()
    .regex(/^-?\d{1,15}$/, rule)
    .transform(Number)
    .pipe(z.int(rule).min(min, rule).max(max, rule))
    .meta({
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: 'integer', minimum: min, maximum: max });
      },
    });
};

/** `true` or `false` in a query string. */
export const queryBoolean = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Values separated by commas in a query string, or the parameter given several times. */
export const queryList = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item));

/** What every list takes; add filters with `pageQuery.extend({ … })`. */
export const pageQuery = z.strictObject({
  limit: queryInteger(1, 200)
    .default(50)
    .describe('How many items to answer with, at most; 50 unless given.'),
  cursor: z.string().min(1).max(4096).optional().describe('The `nextCursor` of the page before.'),
});
export type PageQuery = z.output<typeof pageQuery>;

/** What every list answers. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().optional().describe('Left out on the last page.'),
  });

/** Where the wanted page begins: the position in the query's cursor. Throws BadRequest if that isn't this list's. */
export const positionOf = (query: Pick<PageQuery, 'cursor'>, binding: CursorBinding): Position | undefined =>
  query.cursor === undefined ? undefined : decodeCursor(query.cursor, binding);

/** A page to answer with, of items read and the key of the last one, if there are more. */
export const pageOf = <Item>(
  items: readonly Item[],
  lastKey: Readonly<Record<string, unknown>> | undefined,
  binding: CursorBinding,
): { items: Item[]; nextCursor?: string } => ({
  items: [...items],
  ...(lastKey === undefined ? {} : { nextCursor: encodeCursor(lastKey, binding) }),
});
