import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { etagOf, noneMatches } from './etag.ts';
import { Reply } from './reply.ts';
import type { AnyRoute } from './route.ts';

const idOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    ? value.id
    : undefined;

const versionOf = (value: unknown): number | undefined =>
  typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'number'
    ? value.version
    : undefined;

/**
 * The answer to what a handler returned: its resource, through the route's response schema; its version as `ETag`; where
 * it was created, as `Location`. Throws a ZodError when the resource doesn't fit the schema, which is our mistake.
 */
export const answerOf = (
  route: AnyRoute,
  result: unknown,
  request: { readonly path: string; readonly ifNoneMatch: string | undefined },
): APIGatewayProxyStructuredResultV2 => {
  const { value, status, headers } =
    result instanceof Reply
      ? { value: result.value as unknown, status: result.status, headers: result.headers }
      : { value: result, status: undefined, headers: {} };
  const statusCode = status ?? route.status ?? 200;
  const version = versionOf(value);
  const id = idOf(value);
  const caching = {
    'cache-control': 'no-store',
    ...(version === undefined ? {} : { etag: etagOf(version) }),
  };
  if (route.method === 'GET' && version !== undefined && noneMatches(request.ifNoneMatch, version)) {
    return { statusCode: 304, headers: { ...caching, ...headers } };
  }
  if (statusCode === 204) return { statusCode, headers: { ...caching, ...headers } };
  return {
    statusCode,
    headers: {
      'content-type': 'application/json',
      ...caching,
      ...(statusCode === 201 && id !== undefined ? { location: `${request.path}/${id}` } : {}),
      ...headers,
    },
    body: JSON.stringify(route.response.parse(value)),
  };
};
