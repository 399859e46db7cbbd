import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { winDeal } from '../support/sales-organization.ts';
import { previousCommit } from './previous-commit.ts';
import { numbersOf, salesYear, told, type SalesYear } from './sales-year.ts';

const Goals = z.object({ items: z.array(z.object({ id: z.string() })) });

describe('data of the previous commit, under this one', () => {
  let run: LocalRun;
  let made: SalesYear;
  let before: Readonly<Record<string, unknown>>;
  let mailsBefore: number;

  beforeAll(async () => {
    const { folder } = await previousCommit();
    run = await startLocalRun([], folder);
    made = await salesYear(run);
    before = await told(run, made);
    mailsBefore = (await run.mail()).length;
  });
  afterAll(async () => {
    await run.stop();
  });

  it('is there before the upgrade, as the previous commit made it', async () => {
    expect(await numbersOf(run, 'org')).toMatchObject({ wonRevenue: 600_000, wonDeals: 1, openDeals: 3 });
    expect(mailsBefore).toBeGreaterThan(0);
  });

  it('is all there afterwards, and work that was cut short is done', async () => {
    // Acknowledged by the old system, and killed before anyone was told.
    const lateId = await winDeal(run, made.sales.repId, 'Won in the last second', 50_000);
    await run.kill9();
    await run.restart();
    await run.idle();
    expect((await run.request('GET', `/v1/deals/${lateId}`)).body).toMatchObject({ status: 'won' });
    expect(await told(run, made)).toMatchObject(before);
    const numbers = await numbersOf(run, 'org');
    expect(numbers).toMatchObject({ wonRevenue: 650_000, wonDeals: 2, openDeals: 3 });
    expect(await numbersOf(run, `rep:${made.sales.repId}`)).toEqual(numbers);
  });

  it('goes on: what was open can be won, and the goal and its mails follow', async () => {
    expect((await run.request('POST', `/v1/deals/${made.openId}/win`, {})).status).toBe(200);
    await run.idle();
    expect(await numbersOf(run, 'org')).toMatchObject({ wonRevenue: 1_130_000, wonDeals: 3, openDeals: 2 });
    const mails = await run.mail();
    expect(mails.length).toBeGreaterThan(mailsBefore);
    expect(mails.at(-1)?.text).toContain('100');
  });

  it('is listed as before, from indexes written by either', async () => {
    const { items } = Goals.parse((await run.request('GET', '/v1/goals')).body);
    expect(items.map(({ id }) => id)).toContain(made.goalId);
    const deals = await run.request('GET', `/v1/deals?ownerId=${made.sales.repId}&status=won`);
    expect(z.object({ items: z.array(z.unknown()) }).parse(deals.body).items).toHaveLength(3);
  });

  it('leaves nothing in a dead-letter queue', async () => {
    expect(await run.deadLetters()).toEqual([]);
  });
});
