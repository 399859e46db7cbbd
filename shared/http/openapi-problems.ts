import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { takesIfMatch } from './openapi-headers.ts';
import { Problem } from './problem.ts';
import type { AnyRoute } from './route.ts';

const problem = (description: string): ZodOpenApiResponseObject => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

const GatewayRefusal = z.object({ message: z.string() }).meta({ id: 'GatewayRefusal' });

/** What the gateway refuses before any function runs has the gateway's own body. */
const refused = (description: string): ZodOpenApiResponseObject => ({
  description,
  content: {
    'application/json': { schema: GatewayRefusal },
  },
});

/** Every way of going wrong that routes share, told once. */
export const problemResponses = {
  BadRequest: problem(
    'Malformed: not JSON, wrong types, unknown fields, or a bad header. `errors` names all of it.',
  ),
  Unauthorized: refused('There is no token, or none that is valid.'),
  BadSignature: problem('The signature is missing, or does not hold.'),
  Forbidden: {
    description: 'The token lacks the scope, or the caller may see this but not do it.',
    content: {
      ...problem('').content,
      ...refused('').content,
    },
  },
  NotFound: problem('There is no such thing, or the caller may not see it.'),
  Conflict: problem('At odds with the present state, as in winning a lost deal.'),
  PreconditionFailed: problem('It has changed since: the version is not the one of `If-Match`.'),
  TooLarge: problem('The body is larger than this route takes in.'),
  UnsupportedMediaType: problem('The body is not `application/json`.'),
  Unprocessable: problem(
    'Well-formed, but a rule says no; or an `Idempotency-Key` was used with another body.',
  ),
  TooManyRequests: refused('Too many requests; slow down.'),
  Failed: problem('Our mistake. The log has it under the request id.'),
  Unavailable: problem('Not just now; the same request may succeed in a moment.'),
} as const satisfies Record<string, ZodOpenApiResponseObject>;

type Name = keyof typeof problemResponses;

const at = (status: number, name: Name): ZodOpenApiOperationObject['responses'] => ({
  [`${status}`]: { $ref: `#/components/responses/${name}` },
});

/** The problems that a route may answer with. */
export const problemResponsesOf = (route: AnyRoute): ZodOpenApiOperationObject['responses'] => {
  const reads = route.method === 'GET';
  const takesBody = route.body !== undefined || route.raw === true;
  return {
    ...at(400, 'BadRequest'),
    // Without a token, a signature must say who it is.
    ...(route.scope === null && route.raw === true ? at(401, 'BadSignature') : {}),
    ...(route.scope === null ? {} : { ...at(401, 'Unauthorized'), ...at(403, 'Forbidden') }),
    ...(route.path.includes('{') ? at(404, 'NotFound') : {}),
    ...(reads ? {} : at(409, 'Conflict')),
    ...(takesIfMatch(route) ? at(412, 'PreconditionFailed') : {}),
    ...(takesBody ? at(413, 'TooLarge') : {}),
    ...(route.body === undefined ? {} : at(415, 'UnsupportedMediaType')),
    ...(reads ? {} : at(422, 'Unprocessable')),
    ...at(429, 'TooManyRequests'),
    ...at(500, 'Failed'),
    ...at(503, 'Unavailable'),
  };
};
