import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { BadRequest } from '../errors/errors.ts';

/** What a cursor continues: the route and its filters. A cursor of one list is good for no other. */
export type CursorBinding = string | Readonly<Record<string, unknown>>;

/** A table's key of the last item read. */
export type Position = Readonly<Record<string, string | number>>;

const Position = z.record(z.string(), z.union([z.string(), z.number()]));

/**
 * The seal keeps cursors from being altered or used elsewhere, by accident or by trying. Its key comes from names that
 * every instance of the function knows, not from a secret, because nothing rests on it: a cursor holds only the position
 * in a partition that the query names itself, and each page is authorized anew. One who forged it would start reading
 * elsewhere in what he may read anyway. So there is no secret to keep, pay for and rotate.
 */
const sealingKey = (): Buffer =>
  createHash('sha256')
    .update(`cursor\0${process.env.STAGE ?? ''}\0${process.env.TABLE_NAME ?? ''}`)
    .digest();

const seal = (payload: string, binding: CursorBinding): string => {
  const bound =
    typeof binding === 'string' ? binding : JSON.stringify(Object.entries(binding).toSorted(byKey));
  return createHmac('sha256', sealingKey()).update(`${payload}\0${bound}`).digest('base64url').slice(0, 32);
};

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Text for `nextCursor`: the position after which the next page begins, sealed to this list. */
export const encodeCursor = (position: Readonly<Record<string, unknown>>, binding: CursorBinding): string => {
  const payload = Buffer.from(JSON.stringify(Position.parse(position))).toString('base64url');
  return `${payload}.${seal(payload, binding)}`;
};

/** The position in a cursor of this list. Throws BadRequest if it was altered, or belongs to another list. */
export const decodeCursor = (text: string, binding: CursorBinding): Position => {
  const [payload = '', mac = '', ...rest] = text.split('.');
  const expected = Buffer.from(seal(payload, binding));
  const given = Buffer.from(mac);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new BadRequest('The cursor is not one of this list.', [
      {
        in: 'query',
        path: '/cursor',
        message: 'must be the nextCursor of this very list, unchanged, with the same filters',
      },
    ]);
  }
  return Position.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
};
