import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Logger } from '@aws-lambda-powertools/logger';
import { type Actor, actorOf, actorText, scopesOf } from '../auth/actor.ts';
import { BadRequest, Forbidden, NotFound } from '../errors/errors.ts';
import type { Actor as EventActor, ServiceName } from '../events/contract.ts';
import { type Clock, systemClock } from '../time/instant.ts';
import { answerOf } from './answer.ts';
import { assertSize, jsonBodyOf, rawBodyOf } from './body.ts';
import { correlationIdOf, traceparentOf } from './correlation.ts';
import { parseIfMatch } from './etag.ts';
import { idempotencyKeyOf, requestHashOf } from './idempotency.ts';
import { problemOf } from './problem.ts';
import type { AnyRoute, Route, UnparsedRequest } from './route.ts';

const logger = new Logger();

/** What a request brings along for whatever it is going to do. */
export interface RequestContext {
  /** Goes into the metadata of the events that the request causes. */
  readonly cause: {
    readonly correlationId: string;
    readonly traceparent?: string;
    readonly actor: EventActor;
  };
  readonly actor: Actor;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
}

/** An HTTP API event, with a verified token's claims where the route has an authorizer. */
export type ApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: {
    readonly authorizer?: { readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> } };
  };
};

export interface ApiOptions<Deps> {
  readonly service: ServiceName;
  readonly routes: readonly Route<Deps>[];
  /** Makes what the handlers need, for one request. Long-lived clients are made once, outside. */
  readonly deps: (context: RequestContext) => Deps;
  readonly clock?: Clock;
}

/**
 * The handler of a service's API function (HTTP API, payload 2.0): finds the route by the gateway's `routeKey`, checks
 * size, scope and form of the request, hands it to the route, and turns whatever comes back, or is thrown, into an answer.
 */
export const apiHandler = <Deps>({ service, routes, deps, clock = systemClock }: ApiOptions<Deps>) => {
  const byKey = new Map(routes.map((route) => [route.routeKey, route]));

  const handle = async (event: ApiEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const route = byKey.get(event.routeKey);
    if (route === undefined) throw new NotFound(`${event.requestContext.http.method} ${event.rawPath}`);
    const actor = authorize(route, event);
    const request = readRequest(route, event, actor);
    const traceparent = traceparentOf(event);
    const cause = {
      correlationId: correlationIdOf(event),
      ...(traceparent === undefined ? {} : { traceparent }),
      actor: actorText(actor),
    };
    const result = await route.run(request, deps({ cause, actor, clock, logger }));
    return answerOf(route, result, { path: event.rawPath, ifNoneMatch: event.headers['if-none-match'] });
  };

  return middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
    .use(correlated(service))
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
  return actorOf(claims);
};

const readRequest = (route: AnyRoute, event: ApiEvent, actor: Actor): UnparsedRequest => {
  const rawBody = rawBodyOf(event);
  assertSize(route, rawBody);
  const body = route.raw === true ? undefined : jsonBodyOf(route, event.headers['content-type'], rawBody);
  return {
    params: event.pathParameters ?? {},
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

type ApiMiddleware = middy.MiddlewareObj<ApiEvent, APIGatewayProxyStructuredResultV2, Error, Context>;

/** Logs of a request, and its answer, bear its correlation id. */
const correlated = (service: ServiceName): ApiMiddleware => {
  const answer = (request: middy.Request<ApiEvent, APIGatewayProxyStructuredResultV2>) => {
    if (!request.response) return;
    request.response.headers = {
      ...request.response.headers,
      'x-correlation-id': correlationIdOf(request.event),
      'x-request-id': request.event.requestContext.requestId,
    };
  };
  return {
    before: ({ event, context }) => {
      logger.addContext(context);
      logger.resetKeys();
      logger.appendKeys({
        api: service,
        correlationId: correlationIdOf(event),
        requestId: event.requestContext.requestId,
        route: event.routeKey,
      });
    },
    after: answer,
    onError: answer,
  };
};

/** The one place where errors become answers. What is the caller's to mend is no error of ours, and no line of the log. */
const problems = (): ApiMiddleware => ({
  onError: (request) => {
    const { event, error } = request;
    const { requestId } = event.requestContext;
    request.response = problemOf(error, { instance: event.rawPath, requestId });
    const status = request.response.statusCode ?? 500;
    if (status >= 500) logger.error('The request failed.', { status, error });
    else
      logger.info('The request was refused.', {
        status,
        reason: error instanceof BadRequest ? 'bad input' : error?.name,
      });
  },
});
