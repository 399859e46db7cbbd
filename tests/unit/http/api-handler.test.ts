import { describe, expect, test } from 'vitest';
import { DealId, derivedId, MemberId } from '../../../shared/ids/id.ts';
import { api, type Answer, now } from './api.fixture.ts';

const good = { name: 'Spring pasta', amount: { amount: 129_900, currency: 'USD' } };
const body = JSON.stringify(good);
const idOf = (answer: Answer): string => (answer.body as { id: string }).id;

describe('an answer', () => {
  test('to a creation has the resource, its version as ETag, and where it is', async () => {
    const made = await api().call('POST /v1/offers', { body });
    expect(made).toMatchObject({
      status: 201,
      headers: { 'content-type': 'application/json', etag: '"1"', location: `/v1/offers/${idOf(made)}` },
      body: { ...good, createdAt: now, version: 1 },
    });
  });

  test('holds only what its schema names', async () => {
    const { call } = api();
    const id = idOf(await call('POST /v1/offers', { body }));
    const read = await call('GET /v1/offers/{id}', { params: { id } });
    expect(read.body).not.toHaveProperty('internal');
  });

  test('without content has no body', async () => {
    const { call, offers } = api();
    const id = idOf(await call('POST /v1/offers', { body }));
    expect(await call('DELETE /v1/offers/{id}', { params: { id } })).toMatchObject({
      status: 204,
      body: undefined,
    });
    expect(offers.stored.size).toBe(0);
  });

  test('is 304 to a reader who has this version', async () => {
    const { call } = api();
    const id = idOf(await call('POST /v1/offers', { body }));
    const read = (tag: string) =>
      call('GET /v1/offers/{id}', { params: { id }, headers: { 'if-none-match': tag } });
    expect(await read('W/"1"')).toMatchObject({ status: 304, headers: { etag: '"1"' }, body: undefined });
    expect((await read('"2"')).status).toBe(200);
  });
});

describe('If-Match', () => {
  const patch = async (tag: string) => {
    const { call, offers } = api();
    const id = idOf(await call('POST /v1/offers', { body }));
    const headers = { 'if-match': tag };
    const answer = await call('PATCH /v1/offers/{id}', { params: { id }, headers, body: '{"name":"New"}' });
    return { answer, name: offers.stored.get(id)?.offer.name };
  };

  test.each(['"1"', '*'])('%s lets the write through', async (tag) => {
    const { answer, name } = await patch(tag);
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(name).toBe('New');
  });

  test.each(['"2"', 'W/"1"', '"abc"', '""'])('%s is stale: 412, and nothing is written', async (tag) => {
    const { answer, name } = await patch(tag);
    expect(answer.status).toBe(412);
    expect(name).toBe(good.name);
  });

  test.each(['1', '"1', '"1", "2"', 'w/"1"'])('%s is malformed: 400', async (tag) => {
    const { answer, name } = await patch(tag);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ in: 'header', path: '/If-Match' }] } });
    expect(name).toBe(good.name);
  });
});

describe('Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'order-4711' };

  test('makes a repeated creation answer with the first result', async () => {
    const { call, offers } = api();
    const first = await call('POST /v1/offers', { body, headers });
    const again = await call('POST /v1/offers', {
      body: JSON.stringify({ amount: good.amount, name: good.name }),
      headers,
    });
    expect(again).toEqual(first);
    expect(offers.stored.size).toBe(1);
  });

  test('with another body is a 422, and nothing changes', async () => {
    const { call, offers } = api();
    await call('POST /v1/offers', { body, headers });
    const other = await call('POST /v1/offers', {
      body: JSON.stringify({ ...good, name: 'Other' }),
      headers,
    });
    expect(other).toMatchObject({ status: 422, headers: { 'content-type': 'application/problem+json' } });
    expect([...offers.stored.values()].map(({ offer }) => offer.name)).toEqual([good.name]);
  });

  test('of two callers is two keys', async () => {
    const { call, offers } = api();
    await call('POST /v1/offers', { body, headers });
    await call('POST /v1/offers', {
      body,
      headers,
      claims: { client_id: 'shop', scope: 'sales/deals.write' },
    });
    expect(offers.stored.size).toBe(2);
  });

  test.each(['', 'two words', 'ключ', 'x'.repeat(256)])('%j is malformed: 400', async (key) => {
    const { call, offers } = api();
    const answer = await call('POST /v1/offers', { body, headers: { 'idempotency-key': key } });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ in: 'header', path: '/Idempotency-Key' }] },
    });
    expect(offers.stored.size).toBe(0);
  });

  test('left out makes each request a new one', async () => {
    const { call, offers } = api();
    await call('POST /v1/offers', { body });
    await call('POST /v1/offers', { body });
    expect(offers.stored.size).toBe(2);
  });
});

describe('correlation', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  test('takes over the caller’s id and trace, and answers the id', async () => {
    const { call, causes } = api();
    const claims = { member_id: derivedId(MemberId, 'ada'), role: 'admin', scope: 'sales/deals.write' };
    const answer = await call('POST /v1/offers', {
      body,
      claims,
      headers: { 'x-correlation-id': 'run:7', traceparent },
    });
    expect(answer.headers['x-correlation-id']).toBe('run:7');
    expect(causes).toEqual([{ correlationId: 'run:7', traceparent, actor: claims.member_id }]);
  });

  test.each(['a b', '', 'x'.repeat(129), 'line\nbreak', '"quoted"'])(
    '%j is not an id: the request’s own is taken',
    async (id) => {
      const { call, causes } = api();
      const headers = { 'x-correlation-id': id, traceparent: '00-0-0-0' };
      const answer = await call('POST /v1/offers', { body, headers });
      expect(answer.headers['x-correlation-id']).toBe('request-1');
      expect(causes).toEqual([{ correlationId: 'request-1', actor: 'client:erp' }]);
    },
  );

  test('is answered with problems as well', async () => {
    const answer = await api().call('POST /v1/offers', {
      body: '{',
      headers: { 'x-correlation-id': 'run:8' },
    });
    expect(answer).toMatchObject({ status: 400, headers: { 'x-correlation-id': 'run:8' } });
  });
});

describe('a raw route', () => {
  const params = { id: derivedId(DealId, 'hook') };

  test('gets the very bytes, whatever their type, from anyone', async () => {
    const bytes = Buffer.from([0, 0xff, 0x7b, 0x0a]);
    const answer = await api().call('POST /v1/hooks/{id}', {
      params,
      claims: {},
      body: bytes.toString('base64'),
      base64: true,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(answer).toMatchObject({ status: 200, body: { hex: bytes.toString('hex'), actor: 'open' } });
  });

  test('keeps to its own limit, in decoded bytes', async () => {
    const send = (length: number) =>
      api().call('POST /v1/hooks/{id}', {
        params,
        body: Buffer.alloc(length).toString('base64'),
        base64: true,
      });
    expect((await send(64)).status).toBe(200);
    expect((await send(65)).status).toBe(413);
  });
});
