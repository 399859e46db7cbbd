import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { AppError } from '../errors/errors.ts';
import { createLogger } from '../observability/logger.ts';
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

/** Logs of a request, and its answer, bear its correlation id. `api` names the function in the log. */
export const correlated = (api: string): ApiMiddleware => {
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

/** The one place where errors become answers. Only our own failures are errors in the log. */
export const problems = (): ApiMiddleware => ({
  onError: (request) => {
    const { event, error } = request;
    const { requestId } = event.requestContext;
    request.response = problemOf(error, { instance: event.rawPath, requestId });
    const status = request.response.statusCode ?? 500;
    if (status >= 500) logger.error('The request failed.', { status, error });
    else
      logger.info('The request was refused.', {
        status,
        reason: error instanceof AppError ? error.title : error?.name,
      });
  },
});
