import { expect, test } from 'vitest';
import * as z from 'zod';
import { declaredRoutes as routes } from '../../support/declared-routes.ts';

/** Where a schema has an object that takes fields it doesn't name. Maps, with any keys at all, are meant so. */
const openObjects = (schema: unknown, path: string): string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  const open =
    'properties' in schema && !('additionalProperties' in schema) ? [path === '' ? '/' : path] : [];
  return [...open, ...Object.entries(schema).flatMap(([key, inner]) => openObjects(inner, `${path}/${key}`))];
};

test.each(routes.map((route) => [route.routeKey, route] as const))(
  '%s refuses unknown fields of its body and query, however deep',
  (_, { body, query }) => {
    for (const schema of [body, query]) {
      if (schema === undefined) continue;
      expect(openObjects(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '')).toEqual([]);
    }
  },
);

test('an object that forgot to refuse them is found', () => {
  const forgetful = z.strictObject({ lines: z.array(z.object({ sku: z.string() })) });
  expect(openObjects(z.toJSONSchema(forgetful, { io: 'input' }), '')).toEqual(['/properties/lines/items']);
});

test('each route is declared once', () => {
  const keys = routes.map(({ routeKey }) => routeKey);
  expect(keys).not.toEqual([]);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});
