import { describe, expect, test } from 'vitest';
import { platformHandler } from '../../../shared/http/platform.ts';
import { routeKeysOf } from '../../../shared/http/openapi.ts';
import { answerOf, eventOf, lambdaContext, routes } from './api.fixture.ts';

const handler = platformHandler({
  openApi: () => '{"openapi":"3.1.1"}',
  routeKeys: () => routeKeysOf([{ service: 'deals', routes }]),
  swaggerUi: () => ({ css: 'a { }</style>', js: 'ui("</script><script>");' }),
});

/** A request that no route took. */
const unrouted = async (method: string, path: string) => {
  const event = eventOf('$default');
  const { requestContext } = event;
  const http = { ...requestContext.http, method, path };
  return answerOf(
    await handler({ ...event, rawPath: path, requestContext: { ...requestContext, http } }, lambdaContext),
  );
};

describe('what belongs to no service', () => {
  test('health needs nothing', async () => {
    const none = () => {
      throw new Error('not deployed');
    };
    const bare = platformHandler({ openApi: none, routeKeys: none, swaggerUi: none });
    expect(await bare(eventOf('GET /health'), lambdaContext)).toMatchObject({
      statusCode: 200,
      body: '{"status":"ok"}',
    });
  });

  test('the OpenAPI document is served as it was made', async () => {
    const answer = await handler(eventOf('GET /openapi.json'), lambdaContext);
    expect(answer).toMatchObject({ statusCode: 200, body: '{"openapi":"3.1.1"}' });
  });

  test('the docs page is whole in itself and can’t be broken out of', async () => {
    const { body = '', headers } = await handler(eventOf('GET /docs'), lambdaContext);
    expect(headers?.['content-type']).toBe('text/html; charset=utf-8');
    expect(headers?.['content-security-policy']).toContain("default-src 'none'");
    expect(body).not.toMatch(/(src|href)="(?!data:)/);
    expect(body.match(/<\/script>/g)).toHaveLength(2);
    expect(body.match(/<\/style>/g)).toHaveLength(1);
  });
});

describe('a request that no route takes', () => {
  test.each([
    ['PUT', '/v1/offers', 'GET, POST'],
    ['POST', '/v1/offers/deal_1', 'DELETE, GET, PATCH'],
    ['DELETE', '/health', 'GET'],
    ['HEAD', '/docs', 'GET'],
  ])('%s %s is a 405 that says what is allowed', async (method, path, allow) => {
    const answer = await unrouted(method, path);
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow, 'content-type': 'application/problem+json' },
    });
  });

  test.each(['/', '/v1', '/v1/nothing', '/v1/offers/', '/v1/offers/deal_1/nothing', '/v2/offers'])(
    'GET %s is a 404',
    async (path) => {
      expect(await unrouted('GET', path)).toMatchObject({
        status: 404,
        body: { instance: path, status: 404 },
      });
    },
  );
});
