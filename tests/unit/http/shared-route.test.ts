import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { route } from '../../../shared/http/route.ts';
import { answerOf, eventOf, lambdaContext } from './api.fixture.ts';

const step = (name: string) =>
  route({
    method: 'POST',
    path: `/v1/offers/{id}/${name}`,
    via: '/v1/offers/{id}/{step}',
    scope: 'sales/deals.write',
    summary: `${name} an offer`,
    params: z.object({ id: z.string() }),
    response: z.object({ done: z.string() }),
    handle: async ({ params }) => Promise.resolve({ done: `${name} ${params.id}` }),
  });

const history = route({
  method: 'GET',
  path: '/v1/offers/{id}/history',
  scope: 'sales/deals.read',
  summary: 'What became of an offer',
  params: z.object({ id: z.string() }),
  response: z.object({}),
  handle: async () => Promise.resolve({}),
});

const handler = apiHandler({
  service: 'deals',
  routes: [step('win'), step('lose'), history],
  deps: () => ({}),
});

const post = async (id: string, name: string) =>
  answerOf(
    await handler(eventOf('POST /v1/offers/{id}/{step}', { params: { id, step: name } }), lambdaContext),
  );

describe('routes that share one route of the gateway', () => {
  it('are told apart by what stands in the place of the parameter', async () => {
    expect(await post('7', 'win')).toMatchObject({ status: 200, body: { done: 'win 7' } });
    expect(await post('7', 'lose')).toMatchObject({ status: 200, body: { done: 'lose 7' } });
  });

  it('answer 404 for a step that there is not, and 405 for one that is another method’s', async () => {
    expect((await post('7', 'dance')).status).toBe(404);
    const wrongMethod = await post('7', 'history');
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers).toMatchObject({ allow: 'GET' });
  });

  it('must lead to where they say', () => {
    const leading = (path: string, via: string) => () =>
      route({
        ...{ method: 'GET', path, via, scope: null, summary: 'x', response: z.object({}) },
        handle: async () => Promise.resolve({}),
      });
    expect(leading('/v1/offers/{id}/win', '/v1/offers/{step}')).toThrow(TypeError);
    expect(leading('/v1/offers/{id}/win', '/v1/deals/{id}/{step}')).toThrow(TypeError);
    expect(leading('/v1/offers/{id}', '/v1/offers/{other}')).toThrow(TypeError);
    expect(leading('/v1/offers/{id}/win', '/v1/offers/{id}/{step}')).not.toThrow();
  });
});
