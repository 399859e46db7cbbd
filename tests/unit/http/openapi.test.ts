import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openApiDocument, operationIdOf } from '../../../shared/http/openapi.ts';
import { route } from '../../../shared/http/route.ts';
import { routes } from './api.fixture.ts';

const document = JSON.parse(JSON.stringify(openApiDocument([{ service: 'deals', routes }]))) as Json;

type Json = { readonly [key: string]: Json } & { readonly length?: number };

const Operation = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.boolean().optional() }),
  ),
  requestBody: z.object({ required: z.boolean(), content: z.record(z.string(), z.unknown()) }).optional(),
  responses: z.record(
    z.string().regex(/^\d{3}$/),
    z.object({ description: z.string() }).or(z.object({ $ref: z.string() })),
  ),
});

const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, ...Operation.parse(operation) })),
);

const refsOf = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsOf(inner),
  );
};

describe('the OpenAPI document', () => {
  test('is 3.1 and tells of every route', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
      routes.map(({ routeKey }) => routeKey).sort(),
    );
  });

  test('refers only to what it holds', () => {
    for (const ref of refsOf(document)) {
      const found = ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<Json | undefined>((at, step) => at?.[step], document);
      expect(found, ref).toBeDefined();
    }
  });

  test('declares each parameter of a path once, as required', () => {
    for (const { path, parameters } of operations) {
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name).sort()).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      );
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  test('names each operation once', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operationIdOf({ method: 'POST', path: '/v1/deals/{id}/win' })).toBe('postDealsByIdWin');
  });

  test('says which scope each operation needs, and that open ones need none', () => {
    for (const { path, method, security } of operations) {
      const { scope } = routes.find((route) => route.routeKey === `${method.toUpperCase()} ${path}`) ?? {
        scope: undefined,
      };
      expect(security).toEqual(scope === null ? [] : [{ oauth2: [scope] }, { token: [scope] }]);
    }
  });

  test('tells of preconditions, idempotency and the problems of each', () => {
    const of = (id: string) => operations.find(({ operationId }) => operationId === id);
    expect(of('postOffers')?.parameters.map(({ name }) => name)).toContain('Idempotency-Key');
    expect(of('patchOffersById')?.parameters.map(({ name }) => name)).toContain('If-Match');
    expect(Object.keys(of('postOffers')?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '409', '413', '415', '422', '500']),
    );
    expect(Object.keys(of('patchOffersById')?.responses ?? {})).toContain('412');
    expect(of('deleteOffersById')?.responses).toHaveProperty('204');
  });

  test('says what a described day or currency looks like, as of any other', () => {
    const body = document.paths?.['/v1/offers']?.post?.requestBody?.content?.['application/json'];
    expect(body?.schema?.properties?.expectedCloseOn).toMatchObject({
      description: 'When it should be won.',
      format: 'date',
    });
  });

  test('bounds whole numbers only where a rule does', () => {
    expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  test('shows an example of a body where the route has one', () => {
    expect(document.paths?.['/v1/offers']?.post?.requestBody?.content?.['application/json']?.example).toEqual(
      {
        name: 'Pasta',
        amount: { amount: 500, currency: 'USD' },
      },
    );
  });

  test('tells of a signature that does not hold where no token is needed', () => {
    expect(operations.find(({ operationId }) => operationId === 'postHooksById')?.responses).toHaveProperty(
      '401',
    );
  });

  test('refuses unknown fields in bodies, and allows answers to gain some', () => {
    const post = document.paths?.['/v1/offers']?.post;
    expect(post?.requestBody?.content?.['application/json']?.schema?.additionalProperties).toBe(false);
    expect(post?.responses?.['201']?.content?.['application/json']?.schema).not.toHaveProperty(
      'additionalProperties',
    );
  });
});

test('a route refuses unknown fields even where its declaration forgot to', () => {
  const { body } = route({
    method: 'POST',
    path: '/v1/things',
    scope: null,
    summary: 'Make a thing',
    body: z.object({ name: z.string() }),
    response: z.object({}),
    handle: async () => ({}),
  });
  expect(body?.safeParse({ name: 'x', color: 'red' }).success).toBe(false);
});
