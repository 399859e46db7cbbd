/** Routes that belong to no service; open to anyone. `$default` takes every request that no route takes. */
export const platformRouteKeys = ['GET /health', 'GET /openapi.json', 'GET /docs'] as const;
