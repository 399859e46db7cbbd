import * as z from 'zod';
import type { Actor } from '../auth/actor.ts';
import type { Scope } from '../auth/scopes.ts';
import type { Reply } from './reply.ts';
import { parseParts } from './validation.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What any handler may read of a request beside its declared params, query and body. */
export interface RequestFacts {
  readonly actor: Actor;
  /** The version of the `If-Match` header; undefined when any version will do. Hand it to `repository.get`. */
  readonly ifMatch: number | undefined;
  /** Hash of caller, route and `Idempotency-Key`; undefined without the header. See idempotency.ts. */
  readonly idempotencyKey: string | undefined;
  /** Hash of route and body, whatever the order of its fields: tells a repetition from a reused key. */
  readonly requestHash: string;
  /** The very bytes that came in: what signatures are made over. */
  readonly rawBody: Uint8Array;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestId: string;
}

/** A request before validation: everything still text or plain JSON. */
export interface UnparsedRequest extends RequestFacts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

export interface RouteRequest<P, Q, B> extends RequestFacts {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/** What is told about a route, wherever it is told: gateway, dispatch, OpenAPI document, tests. */
export interface RouteFacts {
  readonly method: Method;
  /** As API Gateway writes it: `/v1/deals/{id}/win`. */
  readonly path: string;
  /**
   * `/v1/deals/{id}/{step}`: the path of the gateway's route, where routes that are alike share one, for a stack has room
   * for 500 resources. They have method and scope in common; a literal segment of their own stands for the parameter.
   */
  readonly via?: string;
  /** The scope a token must have; null for a route open to anyone. */
  readonly scope: Scope | null;
  /** Whether, of people, the scope is good for admins alone: reps hold it for what is their own. */
  readonly adminsOnly?: boolean;
  readonly summary: string;
  readonly description?: string;
  /** 201 answers `Location`, 204 nothing. 200 unless given. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Whether the POST creates something whose id derives from `Idempotency-Key`. */
  readonly idempotent?: boolean;
  /** In bytes; 1 MB unless given. */
  readonly maxBodyBytes?: number;
  /** The body is not JSON to us, but bytes for the handler to judge: no media type, no parsing. */
  readonly raw?: boolean;
  /** For the OpenAPI document: what the bytes of a raw body may be, where they are documented by us. */
  readonly rawForm?: { readonly schema: z.ZodType; readonly example: unknown };
}

interface Declaration<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
  Deps,
> extends RouteFacts {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** A body that a caller may send, for the OpenAPI document. */
  readonly example?: z.input<B>;
  /** The answer passes through it: what it doesn't name is left out. */
  readonly response: R;
  /**
   * The rule this route carries out. Returns the resource, or a `reply` with a status or headers of its own; throws
   * the errors of shared/errors, and leaves turning them into answers to the API handler.
   */
  readonly handle: (
    request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>,
    deps: Deps,
  ) => Promise<z.input<R> | Reply<z.input<R>>>;
}

/** A declared route. `Deps` is what its handler needs; a service's routes together need all of theirs. */
export interface Route<in Deps = never> extends RouteFacts {
  /** What the route is called: `POST /v1/deals/{id}/win`. */
  readonly routeKey: string;
  /** What API Gateway calls the route that leads to it: the same, or `POST /v1/deals/{id}/{step}`. */
  readonly gatewayKey: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Undefined when no body is read as JSON. */
  readonly body: z.ZodType | undefined;
  readonly example?: unknown;
  readonly response: z.ZodType;
  /** Validates, then handles. Throws BadRequest with everything that is wrong, at once. */
  readonly run: (request: UnparsedRequest, deps: Deps) => Promise<unknown>;
}

export type AnyRoute = Route;

const Nothing = z.strictObject({});
/** For 204: an answer without a body. */
export const NoContent = z.void();

/** @throws TypeError where the gateway's path doesn't lead to the route's own */
const gatewayPath = ({ path, via = path }: Pick<RouteFacts, 'path' | 'via'>): string => {
  const own = path.split('/');
  const segments = via.split('/');
  const leads = segments.every(
    (segment, index) =>
      segment === own[index] || (segment.startsWith('{') && own[index]?.startsWith('{') === false),
  );
  if (!leads || segments.length !== own.length) throw new TypeError(`${via} does not lead to ${path}.`);
  return via;
};

/** An object's unknown fields are errors, also where the declaration forgot to say so. */
const strict = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;

/**
 * Declares a route: the one place that says everything about it. Gateway routes, dispatch, validation, the scope
 * check and the OpenAPI document come from it.
 */
export const route = <
  Deps,
  R extends z.ZodType,
  P extends z.ZodType = typeof Nothing,
  Q extends z.ZodType = typeof Nothing,
  B extends z.ZodType = z.ZodUndefined,
>({
  params = Nothing as z.ZodType as P,
  query = Nothing as z.ZodType as Q,
  body,
  response,
  handle,
  ...facts
}: Declaration<P, Q, B, R, Deps>): Route<Deps> => {
  const schemas = {
    params: strict(params) as P,
    query: strict(query) as Q,
    body: strict(body ?? z.undefined()) as B,
  };
  return {
    ...facts,
    routeKey: `${facts.method} ${facts.path}`,
    gatewayKey: `${facts.method} ${gatewayPath(facts)}`,
    params: schemas.params,
    query: schemas.query,
    body: body === undefined ? undefined : schemas.body,
    response,
    run: async (request, deps) => handle({ ...request, ...parseParts(schemas, request) }, deps),
  };
};
