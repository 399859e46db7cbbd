import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { create, salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';
import { startSystem, type System } from '../support/system.ts';

const Kpis = z.object({
  kpis: z.record(
    z.string(),
    z.looseObject({ value: z.number().nullable(), excluded: z.number().optional() }),
  ),
});

describe('the books', () => {
  let run: System;
  let sales: SalesOrganization;
  const now = new Date();
  const firstOf = (monthsAgo: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 1)).toISOString();
  const month = firstOf(2).slice(0, 7);
  const next = firstOf(1).slice(0, 7);
  const closedAt = `${month}-15T12:00:00Z`;

  const numbersOf = async (period: string) => {
    const path = `/v1/metrics?scope=rep:${sales.repId}&period=${period}&kpis=wonDeals,wonRevenue`;
    const { wonDeals, wonRevenue } = Kpis.parse((await run.request('GET', path)).body).kpis;
    return { deals: wonDeals?.value, revenue: wonRevenue?.value, excluded: wonRevenue?.excluded };
  };
  const post = async (path: string, body: object = {}) => {
    const answer = await run.request('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return z.looseObject({}).parse(answer.body);
  };

  beforeAll(async () => {
    run = await startSystem();
    sales = await salesOrganization(run);
  });
  afterAll(async () => {
    await run.stop();
  });

  it('value a deal late, and let a locked month stand while its deals change', async () => {
    const newDeal = async (amount: object) =>
      create(run, '/v1/deals', { name: 'Orecchiette', ownerId: sales.repId, amount });
    const euros = await newDeal({ amount: 10_000, currency: 'EUR' });
    const dollars = await newDeal({ amount: 5_000, currency: 'USD' });
    expect(await post(`/v1/deals/${euros}/win`, { closedAt })).toMatchObject({ awaitingRate: true });
    await post(`/v1/deals/${dollars}/win`, { closedAt });
    await run.idle();
    expect(await numbersOf(month)).toEqual({ deals: 2, revenue: 5_000, excluded: 1 });

    const rates = await run.request('PUT', `/v1/fx-rates/${month}-10`, { rates: { EUR: '1.1' } });
    expect(rates.status).toBe(200);
    await run.idle();
    expect(await numbersOf(month)).toEqual({ deals: 2, revenue: 16_000, excluded: undefined });

    const locked = await run.request('POST', `/v1/periods/${month}/lock`);
    expect(locked.status, JSON.stringify(locked.body)).toBe(200);
    const reopened = await post(`/v1/deals/${dollars}/reopen`, { reason: 'They called back' });
    expect(reopened.bookedNote).toBeTypeOf('string');
    await post(`/v1/deals/${euros}/adjustments`, {
      kind: 'refund',
      amount: { amount: 1_000, currency: 'EUR' },
      at: closedAt,
      reason: 'Two crates broken',
    });
    await run.idle();
    expect(await numbersOf(month)).toEqual({ deals: 2, revenue: 16_000, excluded: undefined });
    expect(await numbersOf(next)).toEqual({ deals: -1, revenue: -6_100, excluded: undefined });
  });
});
