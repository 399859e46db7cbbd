import { expect, it } from 'vitest';
import { apiRoutes } from '../../../../services/deals/api.ts';
import { routeKeysOf } from '../../../../shared/http/openapi.ts';
import { platformHandler } from '../../../../shared/http/platform.ts';
import { answerOf, eventOf, lambdaContext } from '../../http/api.fixture.ts';

const none = () => {
  throw new Error('not asked for');
};
const platform = platformHandler({
  openApi: none,
  routeKeys: () => routeKeysOf([{ service: 'deals', routes: apiRoutes }]),
  swaggerUi: none,
});

it.each(['DELETE', 'PUT', 'PATCH'])(
  'the lock of a period has no %s: the answer says what it has',
  async (method) => {
    const path = '/v1/periods/2026-10/lock';
    const event = eventOf('$default');
    const { requestContext } = event;
    const http = { ...requestContext.http, method, path };
    const answer = answerOf(
      await platform({ ...event, rawPath: path, requestContext: { ...requestContext, http } }, lambdaContext),
    );
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST', 'content-type': 'application/problem+json' },
      body: { status: 405, instance: path },
    });
  },
);
