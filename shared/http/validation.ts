import type * as z from 'zod';
import { BadRequest, type InputError } from '../errors/errors.ts';
import { plainMessage, problemsOf } from '../errors/issues.ts';

interface Parts {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
}

interface Parsed<Schemas extends Parts> {
  readonly params: z.output<Schemas['params']>;
  readonly query: z.output<Schemas['query']>;
  readonly body: z.output<Schemas['body']>;
}

/** Parses path parameters, query and body together, so that a caller hears of everything wrong at once. */
export const parseParts = <Schemas extends Parts>(
  schemas: Schemas,
  request: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
): Parsed<Schemas> => {
  const errors: InputError[] = [];
  const parse = <Schema extends z.ZodType>(
    schema: Schema,
    value: unknown,
    part?: 'path' | 'query',
  ): z.output<Schema> | undefined => {
    const result = schema.safeParse(value, { error: plainMessage });
    if (result.success) return result.data;
    errors.push(...problemsOf(result.error.issues, part));
    return undefined;
  };
  const params = parse(schemas.params, request.params, 'path');
  const query = parse(schemas.query, request.query, 'query');
  const body = parse(schemas.body, request.body);
  if (errors.length > 0) throw new BadRequest(summary(errors), errors);
  return { params, query, body } as Parsed<Schemas>;
};

const summary = (errors: readonly InputError[]): string =>
  errors.length === 1
    ? 'One thing is wrong with the request.'
    : `${String(errors.length)} things are wrong with the request.`;
