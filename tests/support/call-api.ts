import type { Context } from 'aws-lambda';
import { scopes } from '../../shared/auth/scopes.ts';
import type { apiHandler } from '../../shared/http/api-handler.ts';
import type { AnyRoute } from '../../shared/http/route.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON; empty without a body. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the token; a system with every scope unless given. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export type CallApi = (
  method: string,
  path: string,
  body?: unknown,
  options?: CallOptions,
) => Promise<ApiAnswer>;

const matching = (routes: readonly AnyRoute[], method: string, path: string) => {
  for (const route of routes) {
    const { gatewayKey, via = route.path } = route;
    const patternOf = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
    const names = [...via.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const match = patternOf(via).exec(path);
    if (match === null || route.method !== method || !patternOf(route.path).test(path)) continue;
    return {
      routeKey: gatewayKey,
      params: Object.fromEntries(names.map((name, index) => [name, match[index + 1]])),
    };
  }
  throw new Error(`no route for ${method} ${path}`);
};

/** Calls a service's API function as API Gateway does. */
export const callApi =
  (handler: ReturnType<typeof apiHandler>, routes: readonly AnyRoute[]): CallApi =>
  async (method, target, body, { headers = {}, claims } = {}) => {
    const url = new URL(target, 'https://api.example');
    const { routeKey, params } = matching(routes, method, url.pathname);
    const result = await handler(
      {
        version: '2.0',
        routeKey,
        rawPath: url.pathname,
        rawQueryString: url.search.slice(1),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        isBase64Encoded: false,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        pathParameters: params,
        queryStringParameters: Object.fromEntries(url.searchParams),
        requestContext: {
          accountId: '000000000000',
          apiId: 'api',
          domainName: 'localhost',
          domainPrefix: 'localhost',
          http: {
            method,
            path: url.pathname,
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test',
          },
          requestId: 'request-1',
          routeKey,
          stage: '$default',
          time: '23/Nov/2026:09:30:00 +0000',
          timeEpoch: 1_795_426_200_000,
          authorizer: {
            jwt: { claims: claims ?? { client_id: 'test', scope: Object.keys(scopes).join(' ') } },
          },
        },
      },
      { functionName: 'api', awsRequestId: 'invocation-1' } as Context,
    );
    return {
      status: result.statusCode ?? 0,
      headers: result.headers ?? {},
      body: JSON.parse(result.body ?? '{}') as Record<string, unknown>,
    };
  };
