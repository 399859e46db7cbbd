import { globSync } from 'node:fs';
import type { AnyRoute } from '../../shared/http/route.ts';

const root = new URL('../../', import.meta.url);

const routesOf = async (file: string): Promise<readonly AnyRoute[]> => {
  const module = (await import(new URL(file, root).href)) as { readonly routes: readonly AnyRoute[] };
  return module.routes;
};

/** Every route that a service declares. */
export const declaredRoutes = (
  await Promise.all(globSync('services/*/api.ts', { cwd: root }).sort().map(routesOf))
).flat();
