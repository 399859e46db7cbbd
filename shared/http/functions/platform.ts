import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { platformHandler } from '../platform.ts';

/** Files that the deployment places beside this bundle. */
const beside = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

const once = <T>(read: () => T): (() => T) => {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: read() }).value;
};

export const handler = platformHandler({
  openApi: once(() => beside('openapi.json')),
  routeKeys: once(() => z.array(z.string()).parse(JSON.parse(beside('routes.json')))),
  swaggerUi: once(() => ({ css: beside('swagger-ui.css'), js: beside('swagger-ui-bundle.js') })),
});
