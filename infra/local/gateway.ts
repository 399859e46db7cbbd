import { randomUUID } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { Authorizer } from './authorizer.ts';
import type { LocalClock } from './clock.ts';
import { THROTTLED, type FunctionPool, type Outcome } from './function-pool.ts';
import type { Claims, TokenKey } from './jwt.ts';
import { jsonAnswer, type LocalAnswer, type LocalRequest } from './local-http.ts';
import type { GatewaySpec, RouteSpec } from './stack-gateway.ts';
import { ACCOUNT } from './local-names.ts';

/** API Gateway takes bodies up to 10 MB; Lambda takes events up to 6 MB. */
export const GATEWAY_BODY_BYTES = 10 * 1024 * 1024;
const EVENT_BYTES = 6 * 1024 * 1024;

export const tooLarge: LocalAnswer = jsonAnswer(413, { message: 'Request Entity Too Large' });
const failed: LocalAnswer = jsonAnswer(500, { message: 'Internal Server Error' });
const unavailable: LocalAnswer = jsonAnswer(503, { message: 'Service Unavailable' });
const notFound: LocalAnswer = jsonAnswer(404, { message: 'Not Found' });

const FunctionAnswer = z.looseObject({
  statusCode: z.coerce.number(),
  headers: z.record(z.string(), z.coerce.string()).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().optional(),
});

interface CompiledRoute extends RouteSpec {
  readonly method: string;
  readonly segments: readonly string[];
}

const isParameter = (segment: string) => segment.startsWith('{');

const compiled = (route: RouteSpec): CompiledRoute => {
  const [method = '', path = ''] = route.key === '$default' ? ['$default'] : route.key.split(' ');
  return { ...route, method, segments: path.split('/').slice(1) };
};

/** Literal segments win over parameters, from the left, as in API Gateway. */
const bySpecificity = (a: CompiledRoute, b: CompiledRoute): number => {
  const rank = ({ segments }: CompiledRoute) =>
    segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('');
  return rank(a).localeCompare(rank(b));
};

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const parametersOf = (
  route: CompiledRoute,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  if (route.segments.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, wanted] of route.segments.entries()) {
    const given = segments[at] ?? '';
    if (isParameter(wanted)) {
      if (given === '') return undefined;
      parameters[wanted.slice(1, -1)] = decoded(given);
    } else if (wanted !== given) return undefined;
  }
  return parameters;
};

/** Which bodies API Gateway hands on as text; all others are base64. */
const isText = (contentType: string): boolean =>
  contentType === '' ||
  /^(text\/|application\/(json|javascript|xml|[^;]+\+json|[^;]+\+xml))/i.test(contentType);

/** Claims reach a function as strings. */
const claimsAsText = (claims: Claims): Record<string, string> =>
  Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
    ]),
  );

/** The HTTP API: routes, authorizer, payload format 2.0, and the gateway's own answers. */
export class Gateway {
  readonly #spec: GatewaySpec;
  readonly #byMethod = new Map<string, CompiledRoute[]>();
  readonly #default: CompiledRoute | undefined;
  readonly #authorizer: Authorizer;
  readonly #clock: LocalClock;
  readonly #functions: FunctionPool;
  readonly #onAnswer: ((status: number, ms: number) => void) | undefined;

  constructor(
    spec: GatewaySpec,
    parts: {
      key: TokenKey;
      clock: LocalClock;
      functions: FunctionPool;
      audience: readonly string[];
      issuer: string;
      /** Called with the status of each answer, and how many milliseconds it took. */
      onAnswer?: (status: number, ms: number) => void;
    },
  ) {
    this.#spec = spec;
    this.#clock = parts.clock;
    this.#functions = parts.functions;
    this.#onAnswer = parts.onAnswer;
    this.#authorizer = new Authorizer(parts);
    const routes = spec.routes.map(compiled);
    this.#default = routes.find(({ method }) => method === '$default');
    for (const route of routes.filter(({ method }) => method !== '$default').sort(bySpecificity)) {
      this.#byMethod.set(route.method, [...(this.#byMethod.get(route.method) ?? []), route]);
    }
  }

  async serve(request: LocalRequest): Promise<LocalAnswer> {
    const started = performance.now();
    const answer = await this.#answer(request);
    this.#onAnswer?.(answer.status, performance.now() - started);
    return answer;
  }

  async #answer(request: LocalRequest): Promise<LocalAnswer> {
    const found = this.#find(request);
    if (found === undefined) return notFound;
    const { route, parameters } = found;
    const access =
      route.authorizer === undefined
        ? undefined
        : this.#authorizer.check(request.headers.authorization, route.authorizer.scopes);
    if (access?.kind === 'refused') return access.answer;
    const event = JSON.stringify(this.#eventOf(request, route, parameters, access?.claims));
    if (event.length > EVENT_BYTES) return tooLarge;
    return this.#answerOf(await this.#invoke(route, event));
  }

  #find(
    request: LocalRequest,
  ): { readonly route: CompiledRoute; readonly parameters: Readonly<Record<string, string>> } | undefined {
    const segments = request.path.split('/').slice(1);
    for (const method of [request.method, 'ANY']) {
      for (const route of this.#byMethod.get(method) ?? []) {
        const parameters = parametersOf(route, segments);
        if (parameters !== undefined) return { route, parameters };
      }
    }
    return this.#default === undefined ? undefined : { route: this.#default, parameters: {} };
  }

  async #invoke(route: RouteSpec, event: string): Promise<Outcome | 'late'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), route.timeoutMs);
    });
    const outcome = await Promise.race([this.#functions.invoke(route.functionName, event), late]);
    clearTimeout(timer);
    return outcome;
  }

  #eventOf(
    request: LocalRequest,
    route: CompiledRoute,
    parameters: Readonly<Record<string, string>>,
    claims: Claims | undefined,
  ): unknown {
    const { cookie, ...headers } = request.headers;
    const now = this.#clock.now();
    const asText = isText(headers['content-type'] ?? '') && isUtf8(request.body);
    const query: Record<string, string> = {};
    for (const [name, value] of request.query)
      query[name] = name in query ? `${query[name] ?? ''},${value}` : value;
    return {
      version: '2.0',
      routeKey: route.key,
      rawPath: request.path,
      rawQueryString: request.rawQuery,
      ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
      headers,
      ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
      ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
      requestContext: {
        accountId: ACCOUNT,
        apiId: this.#spec.apiId,
        ...(claims === undefined
          ? {}
          : {
              authorizer: { jwt: { claims: claimsAsText(claims), scopes: route.authorizer?.scopes ?? null } },
            }),
        domainName: headers.host ?? 'localhost',
        domainPrefix: (headers.host ?? 'localhost').split('.')[0],
        http: {
          method: request.method,
          path: request.path,
          protocol: 'HTTP/1.1',
          sourceIp: request.sourceIp,
          userAgent: headers['user-agent'] ?? '',
        },
        requestId: randomUUID(),
        routeKey: route.key,
        stage: '$default',
        time: new Date(now).toISOString(),
        timeEpoch: now,
      },
      ...(request.body.length === 0 ? {} : { body: request.body.toString(asText ? 'utf8' : 'base64') }),
      isBase64Encoded: request.body.length > 0 && !asText,
    };
  }

  #answerOf(outcome: Outcome | 'late'): LocalAnswer {
    if (outcome === 'late' || outcome === THROTTLED) return unavailable;
    if (outcome.kind === 'failed') return failed;
    const answer = FunctionAnswer.safeParse(outcome.result);
    // Format 2.0: what is no response object is itself the body.
    if (!answer.success) return jsonAnswer(200, outcome.result);
    const { statusCode, headers = {}, cookies, body, isBase64Encoded } = answer.data;
    return {
      status: statusCode,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        ...(cookies === undefined ? {} : { 'set-cookie': cookies }),
      },
      body: isBase64Encoded === true ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
    };
  }
}
