import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Actor, actorOf, actorText, administers, scopesOf } from '../auth/actor.ts';
import { Forbidden } from '../errors/errors.ts';
import type { Cause } from '../events/cause.ts';
import type { ServiceName } from '../events/contract.ts';
import type { Logger } from '../observability/logger.ts';
import { createMetrics, type OperationalMetrics } from '../observability/metrics.ts';
import { type Clock, systemClock } from '../time/instant.ts';
import { answerOf } from './answer.ts';
import { assertSize, jsonBodyOf, rawBodyOf } from './body.ts';
import { correlationIdOf, traceparentOf } from './correlation.ts';
import { dispatcher } from './dispatch.ts';
import { parseIfMatch } from './etag.ts';
import { idempotencyKeyOf, requestHashOf } from './idempotency.ts';
import { type ApiEvent, correlated, logger, problems } from './middlewares.ts';
import type { AnyRoute, Route, UnparsedRequest } from './route.ts';

/** What a request brings along for whatever it is going to do. */
export interface RequestContext {
  /** Goes into the metadata of the events that the request causes. */
  readonly cause: Cause;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ApiOptions<Deps> {
  readonly service: ServiceName;
  readonly routes: readonly Route<Deps>[];
  /** Makes what the handlers need, for one request. Long-lived clients are made once, outside. */
  readonly deps: (context: RequestContext) => Deps;
  /** Throws for a caller whom the token lets in and this service does not. */
  readonly admit?: ((actor: Actor) => Promise<void>) | undefined;
  readonly clock?: Clock;
  /** For what the routes count; written after each request. */
  readonly metrics?: OperationalMetrics;
}

/**
 * The handler of a service's API function (HTTP API, payload 2.0): finds the route by the gateway's `routeKey`, checks
 * size, scope and form of the request, hands it to the route, and turns whatever comes back, or is thrown, into an answer.
 */
export const apiHandler = <Deps>({
  service,
  routes,
  deps,
  admit,
  clock = systemClock,
  metrics = createMetrics(),
}: ApiOptions<Deps>) => {
  const dispatch = dispatcher(routes);

  const handle = async (event: ApiEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const { route, params } = dispatch(event);
    logger.appendKeys({ route: route.routeKey });
    const actor = authorize(route, event);
    await admit?.(actor);
    const request = readRequest(route, event, { actor, params });
    const cause = {
      correlationId: correlationIdOf(event),
      traceparent: traceparentOf(event),
      actor: actorText(actor),
    };
    const result = await route.run(request, deps({ cause, actor, clock, logger }));
    return answerOf(route, result, { path: event.rawPath, ifNoneMatch: event.headers['if-none-match'] });
  };

  return middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
    .use(correlated(service, metrics))
    .use(problems())
    .handler(handle);
};

/**
 * The caller. The gateway has checked the token and its scope; the scope is checked here as well, so that a route
 * attached without its authorizer is shut, not open.
 */
const authorize = (route: AnyRoute, event: ApiEvent): Actor => {
  if (route.scope === null) return { kind: 'open' };
  const claims = event.requestContext.authorizer?.jwt?.claims ?? {};
  if (!scopesOf(claims).has(route.scope)) throw new Forbidden(`The token needs the scope ${route.scope}.`);
  const actor = actorOf(claims);
  if (route.adminsOnly === true && !administers(actor))
    throw new Forbidden('Only an admin may do this: it concerns the whole organization.');
  return actor;
};

const readRequest = (
  route: AnyRoute,
  event: ApiEvent,
  { actor, params }: Pick<UnparsedRequest, 'actor' | 'params'>,
): UnparsedRequest => {
  const rawBody = rawBodyOf(event);
  assertSize(route, rawBody);
  const body = route.raw === true ? undefined : jsonBodyOf(route, event.headers['content-type'], rawBody);
  return {
    params,
    query: event.queryStringParameters ?? {},
    body,
    rawBody,
    actor,
    ifMatch: parseIfMatch(event.headers['if-match']),
    idempotencyKey:
      route.method === 'POST'
        ? idempotencyKeyOf(event.headers['idempotency-key'], actor, route.routeKey)
        : undefined,
    requestHash: requestHashOf(event.rawPath, body),
    headers: event.headers,
    requestId: event.requestContext.requestId,
  };
};
