import { MethodNotAllowed, NotFound } from '../errors/errors.ts';
import type { ApiEvent } from './middlewares.ts';
import { methodsOf } from './paths.ts';
import type { Route } from './route.ts';

type Params = Readonly<Record<string, string | undefined>>;

interface Dispatched<Deps> {
  readonly route: Route<Deps>;
  /** Those that the route itself declares. */
  readonly params: Params;
}

/** Segments of the gateway's path that are parameters there, and literal in the route's own: `step` → `win`. */
const literalsOf = ({ path, via = path }: { readonly path: string; readonly via?: string | undefined }) => {
  const own = path.split('/');
  return via.split('/').flatMap((segment, index) => {
    const literal = own[index] ?? '';
    return segment === literal ? [] : [{ name: segment.slice(1, -1), literal }];
  });
};

/**
 * Finds the route that a request is meant for: by the gateway's `routeKey` and, where several routes share it, by what
 * stands in the place of their literal segments.
 * @throws NotFound; MethodNotAllowed, where the path is another method's
 */
export const dispatcher = <Deps>(routes: readonly Route<Deps>[]) => {
  const byKey = Map.groupBy(
    routes.map((route) => ({ route, literals: literalsOf(route) })),
    ({ route }) => route.gatewayKey,
  );
  return (event: ApiEvent): Dispatched<Deps> => {
    const params: Params = event.pathParameters ?? {};
    const found = byKey
      .get(event.routeKey)
      ?.find(({ literals }) => literals.every(({ name, literal }) => params[name] === literal));
    if (found === undefined) throw refusalOf(event, routes);
    const shared = new Set(found.literals.map(({ name }) => name));
    const own = Object.entries(params).filter(([name]) => !shared.has(name));
    return { route: found.route, params: Object.fromEntries(own) };
  };
};

const refusalOf = (event: ApiEvent, routes: readonly { readonly routeKey: string }[]): Error => {
  const { method } = event.requestContext.http;
  const allowed = methodsOf(
    routes.map(({ routeKey }) => routeKey),
    event.rawPath,
  );
  return allowed.length > 0 && !allowed.includes(method)
    ? new MethodNotAllowed(method, allowed)
    : new NotFound(`${method} ${event.rawPath}`);
};
