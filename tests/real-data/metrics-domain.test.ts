import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dealFact } from '../../services/metrics/domain/deal-fact.ts';
import { Buckets } from '../../services/metrics/store/buckets.ts';
import { foldFacts } from '../../services/metrics/store/folding.ts';
import { DealState } from '../../shared/events/deals.ts';
import {
  derivedId,
  AccountId,
  DealId,
  MemberId,
  PipelineId,
  ProductId,
  TeamId,
  TerritoryId,
} from '../../shared/ids/id.ts';
import { kpis } from '../../shared/kpis/catalogue.ts';
import type { KpiAnswer, KpiId, ScopeKind } from '../../shared/kpis/kpi.ts';
import type { Totals } from '../../shared/kpis/totals.ts';
import { systemClock } from '../../shared/time/instant.ts';
import { parsePeriod } from '../../shared/time/period.ts';
import { InMemoryTable } from '../support/in-memory-table.ts';
import { expected, type Figures } from './pipeline-expected.ts';
import { pipelineFile } from './pipeline-import.ts';

const Rows = z.array(z.record(z.string(), z.string()));
const rowsOf = (file: string) => Rows.parse(parse(readFileSync(pipelineFile(file)), { columns: true }));

const agents = new Map(rowsOf('sales_teams.csv').map((row) => [row.sales_agent ?? '', row]));
const sectors = new Map(rowsOf('accounts.csv').map((row) => [row.account ?? '', row.sector ?? '']));
const noon = (day: string | undefined) => (day === undefined || day === '' ? undefined : `${day}T12:00:00Z`);

const dealOf = (row: Readonly<Record<string, string>>): DealState => {
  const agent = agents.get(row.sales_agent ?? '');
  const amount = { amount: Number(row.close_value ?? 0) * 100, currency: 'USD' };
  const memberId = derivedId(MemberId, row.sales_agent ?? '');
  const status = row.deal_stage === 'Won' ? 'won' : row.deal_stage === 'Lost' ? 'lost' : 'open';
  const productId = derivedId(ProductId, row.product ?? '');
  return DealState.parse({
    id: derivedId(DealId, row.opportunity_id ?? ''),
    name: row.opportunity_id,
    ownerId: memberId,
    pipelineId: derivedId(PipelineId, 'default'),
    stage: 'qualification',
    status,
    amount,
    reportingAmount: amount,
    lineItems: [{ productId, quantity: 1, unitPrice: amount, amount }],
    createdAt: '2018-01-01T00:00:00Z',
    startedAt: noon(row.engage_date),
    closedAt: noon(row.close_date),
    attribution: {
      credits: [{ memberId, basisPoints: 10_000, teamPath: [derivedId(TeamId, agent?.manager ?? '')] }],
      territoryPath: [derivedId(TerritoryId, agent?.regional_office ?? '')],
      ...(row.account !== '' && {
        accountId: derivedId(AccountId, row.account ?? ''),
        industry: sectors.get(row.account ?? ''),
      }),
    },
    adjustments: [],
    deleted: false,
  });
};

const settings = { timeZone: 'UTC', reportingCurrency: 'USD' };
const period = parsePeriod('2017', { fiscalYearStartMonth: 1 });
const BATCH = 500;

describe('8,800 real opportunities, folded into buckets', () => {
  const table = new InMemoryTable({ clock: systemClock });
  const buckets = new Buckets(table);

  beforeAll(async () => {
    const incoming = rowsOf('sales_pipeline.csv').map((row) => ({
      fact: dealFact(dealOf(row), { epoch: 0, version: 1 }, settings),
      cause: { correlationId: 'import', actor: 'system' as const },
    }));
    for (let from = 0; from < incoming.length; from += BATCH)
      await foldFacts(table, incoming.slice(from, from + BATCH));
  });

  const answer = (id: KpiId, totals: Totals): KpiAnswer => {
    const kpi = kpis.find((each) => each.id === id);
    if (kpi === undefined) throw new Error(id);
    return kpi.compute(totals, 'USD');
  };

  const expectFigures = (name: string, totals: Totals | undefined, figures: Figures) => {
    if (totals === undefined) throw new Error(`no numbers for ${name}`);
    const closed = figures.won + figures.lost;
    expect([name, answer('wonDeals', totals).value, answer('lostDeals', totals).value]).toEqual([
      name,
      figures.won,
      figures.lost,
    ]);
    expect(answer('wonRevenue', totals).value).toBe(figures.revenue * 100);
    expect(answer('winRate', totals)).toMatchObject({ numerator: figures.won, denominator: closed });
    if (figures.avg_deal_size != null)
      expect(answer('averageDealSize', totals).value).toBe(Math.round(figures.avg_deal_size * 100));
    if (figures.median_deal_size != null) {
      const exact = figures.median_deal_size * 100;
      expect(Math.abs((answer('medianDealSize', totals).value ?? NaN) - exact) / exact).toBeLessThanOrEqual(
        0.01,
      );
    }
    if (figures.avg_cycle_days_won != null)
      expect(answer('salesCycleDays', totals).value).toBeCloseTo(figures.avg_cycle_days_won, 3);
    if (figures.avg_cycle_days_closed != null)
      expect(answer('closedCycleDays', totals).value).toBeCloseTo(figures.avg_cycle_days_closed, 3);
    if (figures.open !== undefined) expect(answer('openDeals', totals).value).toBe(figures.open);
  };

  it('answers the overall figures', async () => {
    expectFigures('org', await buckets.totals('org', 'org', period, true), expected.overall);
  });

  it.each<[ScopeKind, Record<string, Figures>, (name: string) => string]>([
    ['rep', expected.by_agent, (name) => derivedId(MemberId, name)],
    ['team', expected.by_manager, (name) => derivedId(TeamId, name)],
    ['territory', expected.by_region, (name) => derivedId(TerritoryId, name)],
    ['product', expected.by_product, (name) => derivedId(ProductId, name)],
    ['industry', expected.by_sector, (name) => name],
  ])('answers every figure by %s', async (dimension, groups, keyOf) => {
    const totals = await buckets.byKey(dimension, period, true);
    for (const [name, figures] of Object.entries(groups)) {
      if (name !== '(no account)') expectFigures(name, totals.get(keyOf(name)), figures);
    }
  });

  it('answers every closing month', async () => {
    const totals = await buckets.byMonth('org', 'org', period);
    for (const [month, figures] of Object.entries(expected.by_close_month))
      expectFigures(month, totals.get(month), figures);
  });
});
