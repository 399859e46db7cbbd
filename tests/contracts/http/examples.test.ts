import { expect, test } from 'vitest';
import { declaredRoutes } from '../../support/declared-routes.ts';

const exemplary = declaredRoutes.filter(({ example }) => example !== undefined);

test.each(exemplary.map((route) => [route.routeKey, route] as const))(
  '%s would take the body that its documentation shows',
  (_, { body, example }) => {
    expect(body?.safeParse(example).error?.issues ?? []).toEqual([]);
  },
);

test('every request with a body shows an example', () => {
  const without = declaredRoutes.filter(({ body, example }) => body !== undefined && example === undefined);
  expect(without.map(({ routeKey }) => routeKey)).toEqual([]);
});
