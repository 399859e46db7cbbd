import * as z from 'zod';
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { scopes } from '../auth/scopes.ts';
import type { ServiceName } from '../events/contract.ts';
import { Currency } from '../money/money.ts';
import { Day, Instant } from '../time/instant.ts';
import { headerParametersOf } from './openapi-headers.ts';
import { problemResponses, problemResponsesOf } from './openapi-problems.ts';
import { platformRouteKeys } from './platform-routes.ts';
import type { AnyRoute } from './route.ts';

/** A service with the routes it declares. */
export interface ServiceRoutes {
  readonly service: ServiceName;
  readonly routes: readonly AnyRoute[];
}

/** Schemas that check more than JSON Schema can say, or whose output zod can't describe by itself. */
const formats = new Map<z.core.$ZodType, Readonly<Record<string, unknown>>>([
  [Instant, { type: 'string', format: 'date-time', examples: ['2026-11-23T09:30:00.000Z'] }],
  [Day, { type: 'string', format: 'date', examples: ['2026-11-23'] }],
  [Currency, { type: 'string', pattern: '^[A-Z]{3}$', description: 'An ISO 4217 code.', examples: ['USD'] }],
]);

/** A schema that was described or given examples is a copy, which names the one it was made from. */
const formatOf = (schema: z.core.$ZodType): Readonly<Record<string, unknown>> | undefined =>
  formats.get(schema) ?? (schema._zod.parent && formatOf(schema._zod.parent));

const options: CreateDocumentOptions = {
  allowEmptySchema: { transform: true, custom: true, void: true },
  override: ({ zodSchema, jsonSchema, io }) => {
    Object.assign(jsonSchema, { ...formatOf(zodSchema), ...jsonSchema });
    // What any whole number of JavaScript is bound by says nothing about this one.
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    // Answers may gain fields: a client must not take them for an error.
    if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  },
};

const successDescriptions = {
  200: 'Done; the answer is the resource or list.',
  201: 'Created.',
  202: 'Taken in; the work follows.',
  204: 'Done; the answer has no body.',
} as const;

/** `POST /v1/deals/{id}/win` → `postDealsByIdWin`. */
export const operationIdOf = ({ method, path }: Pick<AnyRoute, 'method' | 'path'>): string =>
  path
    .split('/')
    .filter((segment) => segment !== '' && segment !== 'v1')
    .map((segment) => segment.replace(/^\{(\w+)\+?\}$/, 'by-$1'))
    .flatMap((segment) => segment.split(/[^A-Za-z0-9]+/))
    .reduce((id, word) => id + word.charAt(0).toUpperCase() + word.slice(1), method.toLowerCase());

const isObject = (schema: z.ZodType): schema is z.ZodObject => schema instanceof z.ZodObject;

const bodyOf = (route: AnyRoute): Pick<ZodOpenApiOperationObject, 'requestBody'> => {
  if (route.raw === true) {
    const { rawForm } = route;
    const json = rawForm === undefined ? {} : { 'application/json': rawForm };
    const bytes = { '*/*': { schema: { type: 'string' } } } as const;
    return { requestBody: { required: true, content: { ...json, ...bytes } } };
  }
  if (route.body === undefined) return {};
  const required = !route.body.safeParse(undefined).success;
  const example = route.example === undefined ? {} : { example: route.example };
  return { requestBody: { required, content: { 'application/json': { schema: route.body, ...example } } } };
};

const successOf = (route: AnyRoute): ZodOpenApiOperationObject['responses'] => {
  const status = route.status ?? 200;
  const versioned = isObject(route.response) && 'version' in route.response.shape;
  const string = { type: 'string' } as const;
  return {
    [`${status}`]: {
      description: successDescriptions[status],
      headers: {
        ...(versioned ? { ETag: { description: 'The version, quoted.', schema: string } } : {}),
        ...(status === 201 ? { Location: { description: 'Where it can be read.', schema: string } } : {}),
        'X-Correlation-Id': {
          description: 'Found in the logs and events of all that follows.',
          schema: string,
        },
      },
      ...(status === 204 ? {} : { content: { 'application/json': { schema: route.response } } }),
    },
  };
};

const descriptionOf = ({
  description,
  adminsOnly,
}: AnyRoute): Pick<ZodOpenApiOperationObject, 'description'> => {
  const said = [description, adminsOnly === true ? 'For admins, and systems with the scope.' : undefined];
  const text = said.filter((sentence) => sentence !== undefined).join(' ');
  return text === '' ? {} : { description: text };
};

const operationOf = (service: ServiceName, route: AnyRoute): ZodOpenApiOperationObject => ({
  operationId: operationIdOf(route),
  tags: [service],
  summary: route.summary,
  ...descriptionOf(route),
  security: route.scope === null ? [] : [{ oauth2: [route.scope] }, { token: [route.scope] }],
  requestParams: {
    ...(isObject(route.params) ? { path: route.params } : {}),
    ...(isObject(route.query) ? { query: route.query } : {}),
  },
  parameters: headerParametersOf(route),
  ...bodyOf(route),
  responses: { ...successOf(route), ...problemResponsesOf(route) },
});

/** The OpenAPI 3.1 document of all services' routes. For build time: it takes packages that no function should carry. */
export const openApiDocument = (services: readonly ServiceRoutes[]) => {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const { service, routes } of services) {
    for (const route of routes) {
      paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(service, route) };
    }
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Quotaline',
        version: '1.0.0',
        description: 'Sales management: members and teams, deals and orders, metrics, goals and alerts.',
      },
      servers: [{ url: '/' }],
      tags: services.map(({ service }) => ({ name: service })),
      paths,
      components: {
        responses: problemResponses,
        securitySchemes: {
          oauth2: {
            type: 'oauth2',
            description: 'Client credentials of an integration.',
            flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: { ...scopes } } },
          },
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'An access token at hand.',
          },
        },
      },
    },
    options,
  );
};

/** Every route of the API as the gateway names it, the platform's own among them. */
export const routeKeysOf = (services: readonly ServiceRoutes[]): readonly string[] => [
  ...platformRouteKeys,
  ...services.flatMap(({ routes }) => routes.map(({ routeKey }) => routeKey)),
];
