import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { MethodNotAllowed, NotFound } from '../errors/errors.ts';
import { docsPage, docsPagePolicy, type SwaggerUi } from './docs-page.ts';
import { type ApiEvent, correlated, problems } from './middlewares.ts';
import { methodsOf } from './paths.ts';

/** What the deployment knows and no service does. Read when first asked for: health depends on none of it. */
export interface PlatformFiles {
  /** The OpenAPI document of all services, as JSON. */
  readonly openApi: () => string;
  /** Every route of the API, as the gateway names it: `GET /v1/deals/{id}`. */
  readonly routeKeys: () => readonly string[];
  readonly swaggerUi: () => SwaggerUi;
}

const answer = (
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: { 'content-type': contentType, 'x-content-type-options': 'nosniff', ...headers },
  body,
});

/** Serves what belongs to no service: health, the OpenAPI document and its page, and the refusal of everything else. */
export const platformHandler = (files: PlatformFiles) => {
  const handle = (event: ApiEvent): Promise<APIGatewayProxyStructuredResultV2> =>
    Promise.resolve(serve(event));

  const serve = (event: ApiEvent): APIGatewayProxyStructuredResultV2 => {
    switch (event.routeKey) {
      case 'GET /health':
        return answer('application/json', JSON.stringify({ status: 'ok' }), { 'cache-control': 'no-store' });
      case 'GET /openapi.json':
        return answer('application/json', files.openApi(), { 'cache-control': 'public, max-age=60' });
      case 'GET /docs':
        return answer('text/html; charset=utf-8', docsPage(files.swaggerUi()), {
          'cache-control': 'public, max-age=3600',
          'content-security-policy': docsPagePolicy,
        });
      default: {
        const { method } = event.requestContext.http;
        const allowed = methodsOf(files.routeKeys(), event.rawPath);
        if (allowed.length > 0 && !allowed.includes(method)) throw new MethodNotAllowed(method, allowed);
        throw new NotFound(`${method} ${event.rawPath}`);
      }
    }
  };

  return middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
    .use(correlated('platform'))
    .use(problems())
    .handler(async (event: ApiEvent) => handle(event));
};
