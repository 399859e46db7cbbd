import { beforeEach, expect, test } from 'vitest';
import { logger } from '../../../shared/http/middlewares.ts';
import { derivedId, DealId } from '../../../shared/ids/id.ts';
import { linesOf } from '../../support/observed.ts';
import { api } from './api.fixture.ts';

const body = JSON.stringify({ name: 'Spring pasta for Rosa', amount: { amount: 129_900, currency: 'USD' } });
let lines: ReturnType<typeof linesOf>;

beforeEach(() => {
  lines = linesOf(logger);
});

test('a request is one line with its chain, what it made, and how it ended', async () => {
  const made = await api().call('POST /v1/offers', { body, headers: { 'x-correlation-id': 'run:7' } });
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'Request done',
      correlationId: 'run:7',
      route: 'POST /v1/offers',
      status: 201,
      subject: (made.body as { id: string }).id,
    },
  ]);
  expect(lines[0]?.ms).toSatisfy(Number.isInteger);
  expect(JSON.stringify(lines)).not.toMatch(/Rosa|129900/);
});

test('a refused one says why, in the refusal’s own words and none of the caller’s', async () => {
  const id = derivedId(DealId, 'gone');
  const { call } = api();
  await call('GET /v1/offers/{id}', { params: { id } });
  await call('POST /v1/offers', { body: '{"name":"Rosa","colour":"red"}' });
  expect(lines).toMatchObject([
    { level: 'INFO', status: 404, subject: id, reason: 'Not found' },
    { level: 'INFO', status: 400, reason: 'Bad request' },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/Rosa|colour/);
});

test('what stands in a path and is no id is told to nobody', async () => {
  await api().call('POST /v1/hooks/{id}', { params: { id: 'rosa.conti@pastapro.example' }, body: '{}' });
  expect(lines).toMatchObject([{ status: 200 }]);
  expect(JSON.stringify(lines)).not.toContain('rosa');
});

test('our own failure is an error beside it, of the same chain', async () => {
  const params = { id: derivedId(DealId, 'x'), how: 'bug' };
  await api().call('POST /v1/offers/{id}/fail/{how}', { params, headers: { 'x-correlation-id': 'run:8' } });
  expect(lines).toMatchObject([
    { level: 'ERROR', message: 'The request failed.', correlationId: 'run:8', status: 500 },
    { level: 'INFO', message: 'Request done', correlationId: 'run:8', status: 500 },
  ]);
});
