import { randomUUID } from 'node:crypto';
import { scopes } from '../../shared/auth/scopes.ts';

export interface ApiRequest {
  readonly method: string;
  /** With its query, as in `/v1/metrics?scope=org`. */
  readonly path: string;
  readonly body?: unknown;
}

const matched = (routeKey: string, { method, path }: ApiRequest): Record<string, string> | undefined => {
  const [wanted, template = ''] = routeKey.split(' ');
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  const found = wanted === method ? new RegExp(`^${pattern}$`).exec(path.split('?')[0] ?? '') : null;
  return found === null
    ? undefined
    : Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? '']));
};

/** Literal paths before those with parameters. */
const parameters = (routeKey: string): number => routeKey.split('{').length;

/** The route that a request takes among those of the gateway. Throws if there is none. */
export const routeFor = <Route extends { readonly key: string }>(
  routes: readonly Route[],
  request: ApiRequest,
): { readonly route: Route; readonly pathParameters: Readonly<Record<string, string>> } => {
  for (const route of [...routes].sort((a, b) => parameters(a.key) - parameters(b.key))) {
    const pathParameters = matched(route.key, request);
    if (pathParameters !== undefined) return { route, pathParameters };
  }
  throw new Error(`no route for ${request.method} ${request.path}`);
};

/** What API Gateway hands to the function (payload 2.0) for a request of a client with every scope. */
export const apiEvent = (
  request: ApiRequest,
  routeKey: string,
  pathParameters: Readonly<Record<string, string>>,
) => {
  const [rawPath = '', rawQueryString = ''] = request.path.split('?');
  const scope = Object.keys(scopes).join(' ');
  const claims = { client_id: 'local-admin', role: 'admin', scope, token_use: 'access' };
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: { 'content-type': 'application/json', host: 'bench.local' },
    queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
    pathParameters,
    requestContext: {
      accountId: '000000000000',
      apiId: 'bench',
      authorizer: { jwt: { claims, scopes: null } },
      domainName: 'bench.local',
      domainPrefix: 'bench',
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'bench',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    isBase64Encoded: false,
  };
};
