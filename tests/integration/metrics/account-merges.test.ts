import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dealOfAccount } from '../../../services/deals/accounts/merge/move-deals.ts';
import { Deal } from '../../../services/deals/domain/deal.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import { eur, id, wonDeal } from '../../support/sample-facts.ts';
import { clock, dealMessage, type MetricsService, startMetricsService } from './metrics-service.ts';

const Rows = z.object({
  rows: z.array(
    z.object({
      key: z.string(),
      kpis: z.record(z.string(), z.looseObject({ value: z.number().nullable() })),
    }),
  ),
});
const survivor = AccountId.parse(id('acct', 1));
const duplicate = AccountId.parse(id('acct', 2));

const attribution = (accountId: string) => ({
  credits: [{ memberId: id('mem', 2), basisPoints: 10_000, teamPath: [id('team', 1)] }],
  territoryPath: [],
  accountId,
});
const stored = (n: number, accountId: string, amount: number) =>
  Deal.parse({
    ...wonDeal({
      id: id('deal', n),
      accountId,
      attribution: attribution(accountId),
      reportingAmount: eur(amount),
    }),
    splits: [],
    updatedAt: clock.now(),
    stageHistory: [],
  });

describe('revenue by account', () => {
  let service: MetricsService;
  beforeAll(async () => {
    service = await startMetricsService();
  });
  afterAll(async () => service.stop());

  const revenue = async () => {
    const path = '/v1/metrics/breakdown?scope=org&period=2026-11&by=account&kpis=wonRevenue';
    const { rows } = Rows.parse((await service.call('GET', path)).body);
    return Object.fromEntries(rows.map(({ key, kpis }) => [key, kpis.wonRevenue?.value]));
  };

  it('follows a merge of accounts to the survivor, and back when it is undone', async () => {
    const [own, its] = [stored(1, survivor, 10_000), stored(2, duplicate, 20_000)];
    await service.feed([dealMessage(own), dealMessage(its)]);
    expect(await revenue()).toEqual({ [survivor]: 10_000, [duplicate]: 20_000 });
    const moved = dealOfAccount(its, survivor, clock.now());
    await service.feed([dealMessage(moved, 2)]);
    const merged = await revenue();
    expect(merged[survivor]).toBe(30_000);
    expect(merged[duplicate] ?? 0).toBe(0);
    await service.feed([dealMessage(dealOfAccount(moved, duplicate, clock.now()), 3)]);
    expect(await revenue()).toEqual({ [survivor]: 10_000, [duplicate]: 20_000 });
  });
});
