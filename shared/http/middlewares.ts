import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { AppError } from '../errors/errors.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics, type OperationalMetrics } from '../observability/metrics.ts';
import { steps } from '../observability/steps.ts';
import { correlationIdOf } from './correlation.ts';
import { problemOf } from './problem.ts';

export const logger = createLogger();

/** An HTTP API event, with a verified token's claims where the route has an authorizer. */
export type ApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: {
    readonly authorizer?: { readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> } };
  };
};

type ApiMiddleware = middy.MiddlewareObj<ApiEvent, APIGatewayProxyStructuredResultV2>;

/** Ids alone are told of a path: anything else in it may be a person's. */
const ID = /^[a-z]+_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** What the request was about: what it made, else the innermost thing that its path names; and what else its path names. */
const concernOf = (
  { pathParameters }: ApiEvent,
  response: APIGatewayProxyStructuredResultV2 | null | undefined,
): { readonly subject?: string | undefined; readonly about?: readonly string[] } => {
  const location = response?.headers?.location;
  const made = typeof location === 'string' ? location.split('/').at(-1) : undefined;
  const named = Object.values(pathParameters ?? {}).toReversed();
  const [subject, ...about] = [made, ...named].filter((text) => text !== undefined && ID.test(text));
  return { subject, ...(about.length > 0 && { about: about.flatMap((id) => id ?? []) }) };
};

/**
 * Logs of a request, and its answer, bear its correlation id, and one line tells how it ended. `api` names the function in
 * the log.
 */
export const correlated = (api: string, metrics: OperationalMetrics = createMetrics()): ApiMiddleware => {
  // An execution environment has one request at a time.
  let begin = 0;
  const answer = (request: middy.Request<ApiEvent, APIGatewayProxyStructuredResultV2>) => {
    const { event, response, error } = request;
    logger.info(steps.requestDone, {
      status: response?.statusCode,
      ms: Math.round(performance.now() - begin),
      ...concernOf(event, response),
      reason: error instanceof AppError ? error.title : error?.name,
    });
    metrics.flush();
    if (!response) return;
    response.headers = {
      ...response.headers,
      'x-correlation-id': correlationIdOf(event),
      'x-request-id': event.requestContext.requestId,
    };
  };
  return {
    before: ({ event, context }) => {
      begin = performance.now();
      logger.addContext(context);
      logger.resetKeys();
      logger.appendKeys({
        api,
        correlationId: correlationIdOf(event),
        requestId: event.requestContext.requestId,
        route: event.routeKey,
      });
    },
    after: answer,
    onError: answer,
  };
};

/** The one place where errors become answers. Only our own failures are errors in the log; a refusal is how a request ended. */
export const problems = (): ApiMiddleware => ({
  onError: (request) => {
    const { event, error } = request;
    const { requestId } = event.requestContext;
    request.response = problemOf(error, { instance: event.rawPath, requestId });
    const status = request.response.statusCode ?? 500;
    if (status >= 500) logger.error('The request failed.', { status, error });
  },
});
