import type { ZodOpenApiParameterObject } from 'zod-openapi';
import type { AnyRoute } from './route.ts';

type Parameters = ZodOpenApiParameterObject[];

/** Whether the route acts on one thing that is there already, whose version a caller may insist on. */
export const takesIfMatch = ({ method, path }: Pick<AnyRoute, 'method' | 'path'>): boolean =>
  method === 'PUT' ||
  method === 'PATCH' ||
  method === 'DELETE' ||
  (method === 'POST' && path.includes('{id}/'));

const header = (name: string, description: string, schema: Record<string, unknown>): Parameters[number] => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', ...schema },
});

/** The request headers that a route understands, beside those of HTTP itself. */
export const headerParametersOf = (route: AnyRoute): Parameters => [
  ...(takesIfMatch(route)
    ? [header('If-Match', 'Only if this is still its version; else 412.', { examples: ['"3"', '*'] })]
    : []),
  ...(route.idempotent === true
    ? [
        header(
          'Idempotency-Key',
          'A repeated request with the same key answers with the first one’s result.',
          {
            pattern: '^[\\x21-\\x7e]{1,255}$',
          },
        ),
      ]
    : []),
  header('X-Correlation-Id', 'Taken over into logs and events.', { pattern: '^[A-Za-z0-9._:/+=@-]{1,128}$' }),
];
