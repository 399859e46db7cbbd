import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreApiFailure } from '../../../../services/deals/commerce/platform-api/failure.ts';
import { bigCommerceApi } from '../../../../services/deals/commerce/platform-api/bigcommerce.ts';
import { StoreApiHttp, textOf } from '../../../../services/deals/commerce/platform-api/http.ts';
import { Instant } from '../../../../shared/time/instant.ts';

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

const answers: Readonly<Record<string, Answer>> = {
  '/fine': { status: 200, body: '{"id":9007199254740993,"total":"10.10","rate":1.50}' },
  '/empty': { status: 204 },
  '/down': { status: 503, headers: { 'retry-after': '120' } },
  '/slow-down': { status: 429, headers: { 'x-rate-limit-time-reset-ms': '2500' } },
  '/forbidden': { status: 401 },
  '/gone': { status: 404 },
  '/odd': { status: 418 },
  '/garbage': { status: 200, body: '<html>maintenance</html>' },
  '/elsewhere': { status: 302, headers: { location: 'http://169.254.169.254/' } },
  '/endless': { status: 200, body: `"${'x'.repeat(200_000)}"` },
};

const seen: (string | undefined)[] = [];
const server = createServer((request, response) => {
  seen.push(request.headers['x-auth-token'] as string | undefined);
  // Taken, and never answered.
  if (request.url === '/never') return;
  const { status, body, headers } = answers[request.url ?? ''] ?? { status: 404 };
  response.writeHead(status, headers).end(body);
});
let api: StoreApiHttp;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = new StoreApiHttp({
    url: `http://127.0.0.1:${String(port)}`,
    headers: { 'x-auth-token': 'sesame' },
    timeoutMs: 1500,
    maxBytes: 100_000,
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const failure = async (path: string): Promise<StoreApiFailure> => {
  try {
    await api.get(path);
  } catch (error) {
    if (error instanceof StoreApiFailure) return error;
    throw error;
  }
  throw new Error(`${path} was answered`);
};

describe('a store’s API', () => {
  it('is asked with the credentials, and its numbers keep every digit', async () => {
    const { body } = await api.get('/fine');
    expect(textOf(body)).toBe('{"id":9007199254740993,"total":"10.10","rate":1.50}');
    expect(seen.at(-1)).toBe('sesame');
  });

  it('may answer with nothing, as lists do beyond their end', async () => {
    expect((await api.get('/empty')).body).toBeUndefined();
  });

  it.each([
    ['/down', 'unavailable'],
    ['/slow-down', 'unavailable'],
    ['/never', 'unavailable'],
    ['/elsewhere', 'unavailable'],
    ['/forbidden', 'refused'],
    ['/gone', 'missing'],
    ['/odd', 'garbled'],
    ['/garbage', 'garbled'],
    ['/endless', 'garbled'],
  ] as const)('that answers %s is %s', async (path, problem) => {
    const error = await failure(path);
    expect(error.problem).toBe(problem);
    expect(error.message).toContain(`GET ${path}`);
    expect(error.message).not.toContain('sesame');
  });

  it('says how long it wants to be left alone', async () => {
    expect((await failure('/down')).retryAfterSeconds).toBe(120);
    expect((await failure('/slow-down')).retryAfterSeconds).toBe(3);
  });
});

it('is asked for so few orders of BigCommerce at once that the slowest answers fit into the worker’s minute', async () => {
  let requests = 0;
  const http = new StoreApiHttp({
    url: 'https://api.example',
    headers: {},
    fetch: async (url) => {
      requests += 1;
      const limit = Number(url.searchParams.get('limit'));
      const isList = url.pathname.endsWith('/v2/orders');
      const orders = Array.from({ length: limit }, (_, id) => ({ id, refunded_amount: '1.00' }));
      return Promise.resolve(Response.json(isList ? orders : []));
    },
  });
  const told = bigCommerceApi(http, 'abc', () => ({ kind: 'irrelevant', reason: 'a test' }));
  const page = await told.changedSince(Instant.parse('2026-11-01T00:00:00Z'));
  expect(page.next).toBe('2');
  expect(requests * 6).toBeLessThanOrEqual(60);
});
