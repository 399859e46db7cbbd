import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { importCsv } from '../../support/import-csv.ts';
import { startSystem, type System } from '../../support/system.ts';
import { create, salesOrganization, type SalesOrganization } from '../../support/sales-organization.ts';

const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

describe('bad input is refused with a problem that says what would be right, and changes nothing', () => {
  let run: System;
  let sales: SalesOrganization;
  let dealId: string;
  let before: unknown;

  beforeAll(async () => {
    run = await startSystem();
    sales = await salesOrganization(run);
    dealId = await create(run, '/v1/deals', {
      name: 'Osteria Bella, weekly tagliatelle',
      ownerId: sales.repId,
      amount: { amount: 480_000, currency: 'USD' },
    });
    before = (await run.request('GET', `/v1/deals/${dealId}`)).body;
  });
  afterAll(async () => {
    await run.stop();
  });

  const expectProblem = async (
    response: Promise<{ status: number; body: unknown; headers: Headers }>,
    status: number,
    path?: string,
  ) => {
    const answer = await response;
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = Problem.parse(answer.body);
    expect(problem.status).toBe(status);
    if (path !== undefined) expect(problem.errors?.map((error) => error.path)).toContain(path);
    expect((await run.request('GET', `/v1/deals/${dealId}`)).body).toEqual(before);
    return problem;
  };

  const deal = (changes: object) => ({
    name: 'Pasta for the fair',
    ownerId: sales.repId,
    amount: { amount: 100, currency: 'USD' },
    ...changes,
  });

  it('malformed JSON', () => expectProblem(run.request('POST', '/v1/deals', '{"name": '), 400));
  it('unknown fields', () =>
    expectProblem(run.request('POST', '/v1/deals', deal({ colour: 'red' })), 400, '/colour'));
  it('wrong types', () => expectProblem(run.request('POST', '/v1/deals', deal({ name: 7 })), 400, '/name'));
  it('a negative amount', () =>
    expectProblem(
      run.request('POST', '/v1/deals', deal({ amount: { amount: -1, currency: 'USD' } })),
      400,
      '/amount/amount',
    ));
  it('a fractional amount', () =>
    expectProblem(
      run.request('POST', '/v1/deals', deal({ amount: { amount: 1.5, currency: 'USD' } })),
      400,
      '/amount/amount',
    ));
  it('an unknown currency', () =>
    expectProblem(
      run.request('POST', '/v1/deals', deal({ amount: { amount: 1, currency: 'XXQ' } })),
      400,
      '/amount/currency',
    ));
  it('all errors at once', async () => {
    const problem = await expectProblem(
      run.request('POST', '/v1/deals', { name: 7, amount: { amount: 1.5, currency: 'XXQ' } }),
      400,
    );
    expect(problem.errors?.map((error) => error.path)).toEqual([
      '/name',
      '/amount/amount',
      '/amount/currency',
    ]);
  });
  it('a currency other than the deal’s', () =>
    expectProblem(
      run.request('POST', `/v1/deals/${dealId}/win`, { amount: { amount: 1, currency: 'EUR' } }),
      422,
    ));
  it('a stage that does not exist', () =>
    expectProblem(run.request('POST', `/v1/deals/${dealId}/stage`, { stage: 'daydreaming' }), 422));
  it('an owner who does not exist', () =>
    expectProblem(
      run.request('POST', '/v1/deals', deal({ ownerId: 'mem_01JD0000000000000000000000' })),
      422,
    ));
  it('a close in the future', () =>
    expectProblem(run.request('POST', `/v1/deals/${dealId}/win`, { closedAt: '2999-01-01T00:00:00Z' }), 422));
  it('winning a lost deal', async () => {
    const lost = await create(run, '/v1/deals', deal({ name: 'Lost at once' }));
    expect((await run.request('POST', `/v1/deals/${lost}/lose`, { reason: 'price' })).status).toBe(200);
    await expectProblem(run.request('POST', `/v1/deals/${lost}/win`, {}), 409);
  });
  it('a stale If-Match', () =>
    expectProblem(
      run.request('PATCH', `/v1/deals/${dealId}`, { name: 'Late' }, { 'if-match': '"99"' }),
      412,
    ));
  it('a repeated Idempotency-Key with another body', async () => {
    const key = { 'idempotency-key': 'fair-2026-001' };
    const first = await run.request('POST', '/v1/deals', deal({ name: 'Once' }), key);
    const again = await run.request('POST', '/v1/deals', deal({ name: 'Once' }), key);
    expect(again.status).toBe(first.status);
    expect(again.body).toEqual(first.body);
    await expectProblem(run.request('POST', '/v1/deals', deal({ name: 'Twice' }), key), 422);
  });
  it('a body over the limit', () =>
    expectProblem(run.request('POST', '/v1/deals', deal({ name: 'x'.repeat(1_100_000) })), 413));
  it('a body that is not JSON by its type', () =>
    expectProblem(
      run.request('POST', '/v1/deals', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
    ));
  it('an unknown path', () => expectProblem(run.request('GET', '/v1/daydreams'), 404));
  it('a method that the path does not have', async () => {
    const response = run.request('DELETE', '/v1/organization');
    await expectProblem(response, 405);
    expect((await response).headers.get('allow')).toMatch(/GET/);
  });
  it('a cursor that was tampered with', () =>
    expectProblem(run.request('GET', '/v1/deals?cursor=abc.def'), 400));
  it('a deal that nobody has', () =>
    expectProblem(run.request('GET', '/v1/deals/deal_01JD0000000000000000000000'), 404));

  describe('at the gateway, in its own words', () => {
    const gateway = async (authorization: string | undefined, status: number, message: string) => {
      const response = await fetch(
        `${run.url}/v1/deals`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ message });
    };
    it('no token', () => gateway(undefined, 401, 'Unauthorized'));
    it('a token that is none', () => gateway('Bearer nonsense', 401, 'Unauthorized'));
    it('a token of another issuer', async () =>
      gateway(`Bearer ${await run.forgedToken()}`, 401, 'Unauthorized'));
    it('a token without the scope', async () => {
      const token = await run.memberToken(sales.repEmail);
      const response = await fetch(`${run.url}/v1/goals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ message: 'Forbidden' });
    });
  });

  describe('in a CSV', () => {
    const columns = { externalId: 'id', owner: 'rep', stage: 'stage', amount: 'amount' };
    it('missing columns', async () => {
      const problem = await expectProblem(
        run.request('POST', '/v1/imports/deals', { csv: 'id,stage\n1,won\n', currency: 'USD', columns }),
        422,
      );
      expect(JSON.stringify(problem)).toContain('rep');
    });
    it('the wrong encoding', () =>
      expectProblem(
        run.request('POST', '/v1/imports/deals', {
          csv: 'id,rep,stage,amount\n1,Jos\ufffd,won,1\n',
          currency: 'USD',
          columns,
        }),
        422,
      ));
    it('bad numbers and unknown reps, each with its line and column; the good row is in', async () => {
      const report = await importCsv(run, 'deals', {
        csv: 'id,rep,stage,amount\nb-1,Marco Bruno,qualification,12.345\nb-2,Nobody,qualification,5\nb-3,Marco Bruno,qualification,5\n',
        currency: 'USD',
        columns,
      });
      expect(report).toMatchObject({ status: 'succeeded', created: 1, rejected: 2 });
      expect(report.errors).toEqual([
        expect.objectContaining({ line: 2, column: 'amount' }),
        expect.objectContaining({ line: 3, column: 'rep' }),
      ]);
    });
    it('ten thousand bad rows', async () => {
      const rows = Array.from(
        { length: 10_000 },
        (_, index) => `r-${String(index)},Marco Bruno,qualification,many`,
      );
      const report = await importCsv(run, 'deals', {
        csv: `id,rep,stage,amount\n${rows.join('\n')}\n`,
        currency: 'USD',
        columns,
      });
      expect(report).toMatchObject({ status: 'succeeded', rows: 10_000, created: 0, rejected: 10_000 });
      expect(report.errors[0]).toMatchObject({ line: 2, column: 'amount' });
    });
  });
});
