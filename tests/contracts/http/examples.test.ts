import { expect, test } from 'vitest';
import { declaredRoutes } from '../../support/declared-routes.ts';

const exemplary = declaredRoutes.filter(({ example }) => example !== undefined);

test.each(exemplary.map((route) => [route.routeKey, route] as const))(
  '%s would take the body that its documentation shows',
  (_, { body, example }) => {
    expect(body?.safeParse(example).error?.issues ?? []).toEqual([]);
  },
);

test('the main requests show an example', () => {
  expect(exemplary.map(({ routeKey }) => routeKey)).toEqual(
    expect.arrayContaining([
      'POST /v1/deals',
      'POST /v1/deals/{id}/win',
      'POST /v1/goals',
      'POST /v1/imports/deals',
    ]),
  );
});
