import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callWith } from '../../support/http-calls.ts';
import { create, salesOrganization, type SalesOrganization } from '../../support/sales-organization.ts';
import { startSystem, type System } from '../../support/system.ts';

const Deals = z.object({ items: z.array(z.object({ id: z.string() })) });

describe('people who sign in', () => {
  let run: System;
  let sales: SalesOrganization;
  let ownDeal: string;
  let managersDeal: string;

  const as = async (email: string) => {
    const token = await run.memberToken(email);
    return (method: string, path: string, body?: unknown) => callWith(token, method, run.url + path, body);
  };

  /** Whether who signs in with this address can see any deals. */
  const opens = async (email: string): Promise<boolean> => {
    // Cognito gives everybody a token who has a password; the local run only whom the trigger grants something.
    const token = await run.memberToken(email).catch(() => undefined);
    if (token === undefined) return false;
    const { status } = await callWith(token, 'GET', `${run.url}/v1/deals`);
    if (status !== 200) expect(status).toBe(403);
    return status === 200;
  };

  beforeAll(async () => {
    run = await startSystem();
    sales = await salesOrganization(run);
    const amount = { amount: 5_000, currency: 'USD' };
    ownDeal = await create(run, '/v1/deals', { name: 'Own', ownerId: sales.repId, amount });
    managersDeal = await create(run, '/v1/deals', { name: 'Giulia’s', ownerId: sales.managerId, amount });
    await run.idle();
  });
  afterAll(async () => {
    await run.stop();
  });

  it('as a rep see their own deals, and know nothing of others’', async () => {
    const rep = await as(sales.repEmail);
    const list = Deals.parse((await rep('GET', '/v1/deals')).body);
    expect(list.items.map(({ id }) => id)).toEqual([ownDeal]);
    expect((await rep('GET', `/v1/deals/${ownDeal}`)).status).toBe(200);
    expect((await rep('GET', `/v1/deals/${managersDeal}`)).status).toBe(404);
    expect((await rep('POST', `/v1/deals/${managersDeal}/win`, {})).status).toBe(404);
  });

  it('as a rep win what is theirs, and set nobody’s goals', async () => {
    const rep = await as(sales.repEmail);
    expect((await rep('POST', `/v1/deals/${ownDeal}/win`, {})).status).toBe(200);
    expect((await rep('POST', '/v1/goals', {})).status).toBe(403);
    expect((await rep('POST', '/v1/members', {})).status).toBe(403);
  });

  it('as a manager see what lies below them', async () => {
    const manager = await as(sales.managerEmail);
    for (const deal of [ownDeal, managersDeal])
      expect((await manager('GET', `/v1/deals/${deal}`)).status).toBe(200);
    expect((await manager('PUT', '/v1/organization', {})).status).toBe(403);
  });

  it('get no token, or one that opens nothing, where the team knows nobody of that address', async () => {
    expect(await opens('nobody@pastapro.example')).toBe(false);
    expect(await opens(sales.repEmail)).toBe(true);
  });

  it('lose what they may do when they leave, whatever their token says', async () => {
    const rep = await as(sales.repEmail);
    const left = await run.request('POST', `/v1/members/${sales.repId}/depart`, {
      on: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
    });
    expect(left.status).toBe(200);
    await run.idle();
    expect((await rep('GET', `/v1/deals/${ownDeal}`)).status).toBe(403);
    expect(await opens(sales.repEmail)).toBe(false);
  });
});
