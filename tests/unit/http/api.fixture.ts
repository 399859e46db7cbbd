import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import type { ApiEvent } from '../../../shared/http/middlewares.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import {
  AlreadyExists,
  Forbidden,
  InvalidTransition,
  NotFound,
  NotYet,
  PreconditionFailed,
} from '../../../shared/errors/errors.ts';
import { DealId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { Day, type Clock, Instant, instantFrom } from '../../../shared/time/instant.ts';

/** A small resource that uses all of what routes can declare. */
export const Offer = z.object({
  id: DealId,
  name: z.string(),
  amount: Money,
  expectedCloseOn: Day.optional(),
  createdAt: Instant,
  version: z.int(),
});
export type Offer = z.infer<typeof Offer>;

const NewOffer = z.object({
  name: z.string().min(1).max(200),
  amount: Money,
  stage: z.enum(['open', 'closed']).default('open'),
  expectedCloseOn: Day.optional().describe('When it should be won.'),
  lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })).optional(),
});

export class Offers {
  readonly stored = new Map<string, { offer: Offer; requestHash?: string | undefined }>();

  create(offer: Offer, _events: readonly [], options: { readonly requestHash?: string }): Promise<Offer> {
    const existing = this.stored.get(offer.id);
    if (existing !== undefined) {
      return Promise.reject(new AlreadyExists('offer', existing.offer, existing.requestHash));
    }
    this.stored.set(offer.id, { offer, requestHash: options.requestHash });
    return Promise.resolve(offer);
  }

  get(id: string, ifMatch: number | undefined): Offer {
    const offer = this.stored.get(id)?.offer;
    if (offer === undefined) throw new NotFound(`offer ${id}`);
    if (ifMatch !== undefined && ifMatch !== offer.version) throw new PreconditionFailed('It changed since.');
    return offer;
  }
}

interface Deps {
  readonly offers: Offers;
  readonly clock: Clock;
}

const params = z.object({ id: DealId });

export const routes = [
  route({
    method: 'POST',
    path: '/v1/offers',
    scope: 'sales/deals.write',
    summary: 'Make an offer',
    idempotent: true,
    body: NewOffer,
    example: { name: 'Pasta', amount: { amount: 500, currency: 'USD' } },
    response: Offer,
    status: 201,
    async handle(request, { offers, clock }: Deps) {
      const { name, amount, expectedCloseOn } = request.body;
      const id = idOfNew(DealId, request, clock);
      const offer: Offer = { id, name, amount, expectedCloseOn, createdAt: clock.now(), version: 1 };
      return createOnce(offers, offer, request, []);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/offers',
    scope: 'sales/deals.read',
    summary: 'List offers',
    query: pageQuery.extend({ name: z.string().optional() }),
    response: page(Offer),
    async handle({ query }, { offers }: Deps) {
      const binding = { route: 'offers', name: query.name };
      const from = Number(positionOf(query, binding)?.at ?? 0);
      const all = [...offers.stored.values()].map(({ offer }) => offer);
      const to = from + query.limit;
      return pageOf(all.slice(from, to), to < all.length ? { at: to } : undefined, binding);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/offers/{id}',
    scope: 'sales/deals.read',
    summary: 'Read an offer',
    params,
    response: Offer,
    handle: async ({ params: { id }, ifMatch }, { offers }: Deps) => ({
      ...offers.get(id, ifMatch),
      internal: 'not for callers',
    }),
  }),
  route({
    method: 'PATCH',
    path: '/v1/offers/{id}',
    scope: 'sales/deals.write',
    summary: 'Change an offer',
    params,
    body: NewOffer.partial(),
    response: Offer,
    async handle({ params: { id }, body, ifMatch }, { offers }: Deps) {
      const offer = offers.get(id, ifMatch);
      const changed = { ...offer, name: body.name ?? offer.name, version: offer.version + 1 };
      offers.stored.set(id, { offer: changed });
      return changed;
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/offers/{id}',
    scope: 'sales/deals.write',
    summary: 'Withdraw an offer',
    params,
    response: NoContent,
    status: 204,
    async handle({ params: { id }, ifMatch }, { offers }: Deps) {
      offers.get(id, ifMatch);
      offers.stored.delete(id);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/offers/{id}/fail/{how}',
    scope: 'sales/admin',
    summary: 'Fail in a chosen way',
    params: z.object({
      id: DealId,
      how: z.enum(['transition', 'forbidden', 'notYet', 'bug', 'throttled', 'nonsense']),
    }),
    response: Offer,
    async handle({ params: { how } }): Promise<Offer> {
      if (how === 'transition') throw new InvalidTransition('A lost deal can’t be won.');
      if (how === 'forbidden') throw new Forbidden('Only its owner may.');
      if (how === 'notYet') throw new NotYet('The member is still on its way.');
      if (how === 'throttled') throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      if (how === 'nonsense') return { name: 'no offer at all' } as Offer;
      throw new Error('the password is hunter2');
    },
  }),
  route({
    method: 'POST',
    path: '/v1/hooks/{id}',
    scope: null,
    summary: 'Take raw bytes',
    params: z.object({ id: z.string() }),
    raw: true,
    maxBodyBytes: 64,
    response: z.object({ hex: z.string(), actor: z.string() }),
    handle: async ({ rawBody, actor }) => ({ hex: Buffer.from(rawBody).toString('hex'), actor: actor.kind }),
  }),
];

export const now = instantFrom(Date.parse('2026-11-23T09:30:00Z'));

export interface Call {
  readonly claims?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: string;
  readonly base64?: boolean;
}

export const everyScope = { client_id: 'erp', scope: 'sales/deals.read sales/deals.write sales/admin' };

/** An event as API Gateway makes it of a call of `routeKey`. */
export const eventOf = (routeKey: string, call: Call = {}): ApiEvent => {
  const [method = 'GET', template = '/'] = routeKey.split(' ');
  const path = template.replace(/\{(\w+)\+?\}/g, (_, name: string) => call.params?.[name] ?? name);
  const claims = call.claims ?? everyScope;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(call.query).toString(),
    headers: { ...(call.body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
    isBase64Encoded: call.base64 ?? false,
    ...(call.body === undefined ? {} : { body: call.body }),
    ...(call.params === undefined ? {} : { pathParameters: call.params }),
    ...(call.query === undefined ? {} : { queryStringParameters: call.query }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '23/Nov/2026:09:30:00 +0000',
      timeEpoch: 1_795_426_200_000,
      authorizer: { jwt: { claims } },
    },
  };
};

export const lambdaContext = {
  functionName: 'quotaline-test-deals-api',
  awsRequestId: 'invocation-1',
} as Context;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed; undefined without a body. */
  readonly body: unknown;
}

export const answerOf = (result: APIGatewayProxyStructuredResultV2): Answer => ({
  status: result.statusCode ?? 0,
  headers: result.headers ?? {},
  body: result.body === undefined ? undefined : JSON.parse(result.body),
});

/** An API over an empty store, and a way to call it. */
export const api = () => {
  const offers = new Offers();
  const clock = { now: () => now };
  const causes: unknown[] = [];
  const handler = apiHandler({
    service: 'deals',
    routes,
    clock,
    deps: ({ cause, clock }) => {
      causes.push(cause);
      return { offers, clock };
    },
  });
  const call = async (routeKey: string, call?: Call): Promise<Answer> =>
    answerOf(await handler(eventOf(routeKey, call), lambdaContext));
  return { offers, causes, call };
};
