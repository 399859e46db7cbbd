import { describe, expect, test } from 'vitest';
import { DealId, derivedId } from '../../../shared/ids/id.ts';
import { api, type Answer, type Call } from './api.fixture.ts';

const id = derivedId(DealId, 'one');
const good = { name: 'Spring pasta', amount: { amount: 129_900, currency: 'USD' } };
const json = (value: unknown): string => JSON.stringify(value);

const expectProblem = (answer: Answer, status: number, title: string) => {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer).toMatchObject({
    status,
    body: {
      status,
      title,
      requestId: 'request-1',
      type: expect.stringMatching(/^urn:quotaline:problem:[a-z-]+$/) as unknown,
    },
  });
};

const errorsOf = (answer: Answer): unknown => (answer.body as { errors?: unknown }).errors;

describe('creating with a bad body answers what is wrong where, and creates nothing', () => {
  const cases: [string, unknown, { path: string; message: string }[]][] = [
    ['an unknown field', { ...good, discount: 5 }, [{ path: '/discount', message: 'is not a known field' }]],
    [
      'an unknown field within',
      { ...good, amount: { ...good.amount, 'a/b~c': 1 } },
      [{ path: '/amount/a~1b~0c', message: 'is not a known field' }],
    ],
    ['a missing field', { amount: good.amount }, [{ path: '/name', message: 'is required' }]],
    ['an empty name', { ...good, name: '' }, [{ path: '/name', message: 'must not be empty' }]],
    [
      'a long name',
      { ...good, name: 'x'.repeat(201) },
      [{ path: '/name', message: 'must have at most 200 characters' }],
    ],
    ['a wrong type', { ...good, name: 7 }, [{ path: '/name', message: 'must be text' }]],
    [
      'a negative amount',
      { ...good, amount: { amount: -1, currency: 'USD' } },
      [{ path: '/amount/amount', message: 'must not be negative' }],
    ],
    [
      'a fractional amount',
      { ...good, amount: { amount: 12.5, currency: 'USD' } },
      [
        {
          path: '/amount/amount',
          message: 'must be a whole number of minor units (cents), within ±9,007,199,254,740,991',
        },
      ],
    ],
    [
      'an unknown currency',
      { ...good, amount: { amount: 1, currency: 'EURO' } },
      [{ path: '/amount/currency', message: 'must be an ISO 4217 currency code such as USD' }],
    ],
    [
      'a stage that does not exist',
      { ...good, stage: 'wishing' },
      [{ path: '/stage', message: 'must be one of "open", "closed"' }],
    ],
    [
      'a day that does not exist',
      { ...good, expectedCloseOn: '2026-02-30' },
      [{ path: '/expectedCloseOn', message: 'must be a day such as 2026-11-23' }],
    ],
    [
      'several at once, in lists too',
      { ...good, name: null, lines: [{ sku: 1, quantity: 0 }, 'pasta'] },
      [
        { path: '/name', message: 'must be text' },
        { path: '/lines/0/sku', message: 'must be text' },
        { path: '/lines/0/quantity', message: 'must be at least 1' },
        { path: '/lines/1', message: 'must be an object' },
      ],
    ],
    ['a list', [good], [{ path: '', message: 'must be an object' }]],
    ['null', null, [{ path: '', message: 'must be an object' }]],
  ];

  test.each(cases)('%s', async (_, body, errors) => {
    const { call, offers } = api();
    const answer = await call('POST /v1/offers', { body: json(body) });
    expectProblem(answer, 400, 'Bad request');
    expect(errorsOf(answer)).toEqual(errors);
    expect(offers.stored.size).toBe(0);
  });
});

describe('a body that can’t be read', () => {
  const refuse = async (call: Call, status: number, title: string) => {
    const { call: send, offers } = api();
    const answer = await send('POST /v1/offers', call);
    expectProblem(answer, status, title);
    expect(offers.stored.size).toBe(0);
    return answer;
  };

  test.each(['{"name": "x"', '{name: 1}', 'hello', '{"a":1}}', "{'a':1}"])(
    'is a 400 when malformed: %s',
    async (body) => {
      await refuse({ body }, 400, 'Bad request');
    },
  );

  test('is named malformed without quoting it back', async () => {
    const answer = await refuse({ body: '{"card": 4111111111111111,}' }, 400, 'Bad request');
    expect(json(answer.body)).not.toContain('4111');
  });

  test('is a 400 when missing or empty', async () => {
    await refuse({}, 400, 'Bad request');
    await refuse({ body: '' }, 400, 'Bad request');
  });

  test('is a 400 when it isn’t UTF-8', async () => {
    await refuse(
      { body: Buffer.from('{"name":"\xff"}', 'latin1').toString('base64'), base64: true },
      400,
      'Bad request',
    );
  });

  test.each(['text/plain', 'application/xml', 'application/jsonp', 'application/x-www-form-urlencoded'])(
    'is a 415 as %s',
    async (type) => {
      await refuse({ body: json(good), headers: { 'content-type': type } }, 415, 'Unsupported media type');
    },
  );

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'is taken as %s',
    async (type) => {
      const { call } = api();
      const answer = await call('POST /v1/offers', { body: json(good), headers: { 'content-type': type } });
      expect(answer.status).toBe(201);
    },
  );

  test('is a 413 over the limit, counted in bytes and before anything else', async () => {
    const { call } = api();
    const withName = (name: string) => call('POST /v1/offers', { body: json({ ...good, name }) });
    expectProblem(await withName('x'.repeat(1024 * 1024)), 413, 'Too large');
    // Half as many characters, of two bytes each.
    expectProblem(await withName('é'.repeat(512 * 1024)), 413, 'Too large');
    expectProblem(await withName('x'.repeat(1024 * 1024 - 200)), 400, 'Bad request');
  });
});

describe('path and query', () => {
  test('are refused together, each saying where', async () => {
    const { call } = api();
    const answer = await call('GET /v1/offers', { query: { limit: '201', color: 'red' } });
    expectProblem(answer, 400, 'Bad request');
    expect(errorsOf(answer)).toEqual([
      { in: 'query', path: '/limit', message: 'must be a whole number from 1 to 200' },
      { in: 'query', path: '/color', message: 'is not a known field' },
    ]);
  });

  test.each(['0', '-1', '1.5', 'ten', '', '1e2', '9'.repeat(30)])(
    'a limit of %j is refused',
    async (limit) => {
      const { call } = api();
      expectProblem(await call('GET /v1/offers', { query: { limit } }), 400, 'Bad request');
    },
  );

  test('a malformed id is refused, as is any query where none is taken', async () => {
    const { call } = api();
    const answer = await call('GET /v1/offers/{id}', { params: { id: 'deal_1' }, query: { x: '1' } });
    expect(errorsOf(answer)).toMatchObject([
      { in: 'path', path: '/id' },
      { in: 'query', path: '/x' },
    ]);
  });

  test('a cursor of another list, or an altered one, is refused', async () => {
    const { call } = api();
    for (const name of ['a', 'b', 'c']) await call('POST /v1/offers', { body: json({ ...good, name }) });
    const first = await call('GET /v1/offers', { query: { limit: '2' } });
    const { nextCursor, items } = first.body as { nextCursor: string; items: unknown[] };
    expect(items).toHaveLength(2);
    const rest = await call('GET /v1/offers', { query: { limit: '2', cursor: nextCursor } });
    expect(rest.body).toEqual({ items: [expect.objectContaining({ name: 'c' })] });
    expectProblem(
      await call('GET /v1/offers', { query: { cursor: nextCursor, name: 'x' } }),
      400,
      'Bad request',
    );
    expectProblem(await call('GET /v1/offers', { query: { cursor: `${nextCursor}x` } }), 400, 'Bad request');
  });
});

describe('a caller', () => {
  test.each([
    ['without the scope', { client_id: 'erp', scope: 'sales/deals.read' }],
    ['without any scope', { client_id: 'erp' }],
    ['with a scope that only begins alike', { client_id: 'erp', scope: 'sales/deals.write.own' }],
    ['without claims', {}],
    ['who is no member', { client_id: 'web', username: 'eve', scope: 'sales/deals.write' }],
  ])('%s is a 403, before the body is looked at', async (_, claims) => {
    const { call, offers } = api();
    expectProblem(await call('POST /v1/offers', { claims, body: '{' }), 403, 'Forbidden');
    expect(offers.stored.size).toBe(0);
  });
});

describe('errors of the rules', () => {
  const fail = (how: string) => api().call('POST /v1/offers/{id}/fail/{how}', { params: { id, how } });

  test('say what they say', async () => {
    const answer = await fail('transition');
    expectProblem(answer, 409, 'Invalid transition');
    expect(answer.body).toMatchObject({
      type: 'urn:quotaline:problem:invalid-transition',
      detail: 'A lost deal can’t be won.',
      instance: `/v1/offers/${id}/fail/transition`,
    });
    expectProblem(await fail('forbidden'), 403, 'Forbidden');
    expectProblem(await api().call('GET /v1/offers/{id}', { params: { id } }), 404, 'Not found');
  });

  test('that pass by themselves say when to come again', async () => {
    for (const how of ['notYet', 'throttled']) {
      const answer = await fail(how);
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(json(answer.body)).not.toContain('slow down');
    }
  });

  test.each(['bug', 'nonsense'])('that are our own (%s) tell nothing of the inside', async (how) => {
    const answer = await fail(how);
    expectProblem(answer, 500, 'Internal server error');
    expect(json(answer.body)).not.toMatch(/hunter2|Zod|stack|\.ts|createdAt/);
  });

  test('a route that isn’t declared is a 404', async () => {
    expectProblem(await api().call('GET /v1/nothing'), 404, 'Not found');
  });
});
