import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { importCsv, type ImportReport } from '../support/import-csv.ts';
import {
  dealsSeenWith,
  emailOf,
  giveAddresses,
  managers,
  type SeenDeal,
  sellers,
  wonRevenue,
} from './pipeline-access.ts';
import { expected, type Figures } from './pipeline-expected.ts';
import { importPipeline } from './pipeline-import.ts';

const Answer = z.object({
  value: z.number().nullable(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  n: z.number(),
});
const Answers = z.record(z.string(), Answer);
type Answers = z.infer<typeof Answers>;

const KPIS =
  'wonRevenue,wonDeals,lostDeals,winRate,averageDealSize,medianDealSize,salesCycleDays,closedCycleDays,openDeals';
/** Every close date of the file lies in it. */
const PERIOD = '2017';

const answer = (answers: Answers, kpi: string): z.infer<typeof Answer> => {
  const found = answers[kpi];
  if (found === undefined) throw new Error(`no answer for ${kpi}`);
  return found;
};

const expectFigures = (answers: Answers, figures: Figures) => {
  const closed = figures.won + figures.lost;
  expect(answer(answers, 'wonDeals').value).toBe(figures.won);
  expect(answer(answers, 'lostDeals').value).toBe(figures.lost);
  expect(answer(answers, 'wonRevenue').value).toBe(figures.revenue * 100);
  expect(answer(answers, 'winRate')).toMatchObject({ numerator: figures.won, denominator: closed });
  if (figures.win_rate !== null) expect(answer(answers, 'winRate').value).toBeCloseTo(figures.win_rate, 4);
  else expect(answer(answers, 'winRate').value).toBeNull();
  if (figures.avg_deal_size !== undefined) {
    expect(answer(answers, 'averageDealSize')).toMatchObject({
      numerator: figures.revenue * 100,
      denominator: figures.won,
    });
  }
  if (figures.median_deal_size !== undefined && figures.median_deal_size !== null) {
    const exact = figures.median_deal_size * 100;
    const median = answer(answers, 'medianDealSize').value ?? Number.NaN;
    expect(Math.abs(median - exact) / exact).toBeLessThanOrEqual(0.01);
  }
  // The file's cycles are whole days: the published mean times the count is the exact sum.
  if (figures.avg_cycle_days_won !== undefined && figures.avg_cycle_days_won !== null) {
    expect(answer(answers, 'salesCycleDays')).toMatchObject({
      numerator: Math.round(figures.avg_cycle_days_won * figures.won),
      denominator: figures.won,
    });
  }
  if (figures.avg_cycle_days_closed !== undefined && figures.avg_cycle_days_closed !== null) {
    expect(answer(answers, 'closedCycleDays')).toMatchObject({
      numerator: Math.round(figures.avg_cycle_days_closed * closed),
      denominator: closed,
    });
  }
  if (figures.open !== undefined) expect(answer(answers, 'openDeals').value).toBe(figures.open);
};

describe('the real pipeline of 8,800 opportunities, through the public interface', () => {
  let run: LocalRun;
  let first: ImportReport;

  beforeAll(async () => {
    run = await startLocalRun();
    first = (await importPipeline(run)).deals;
  });
  afterAll(async () => {
    await run.stop();
  });

  const breakdown = async (by: string): Promise<Map<string, Answers>> => {
    const response = await run.request(
      'GET',
      `/v1/metrics/breakdown?scope=org&period=${PERIOD}&by=${by}&kpis=${KPIS}`,
    );
    expect(response.status).toBe(200);
    const { rows } = z
      .object({ rows: z.array(z.object({ key: z.string(), name: z.string().optional(), kpis: Answers })) })
      .parse(response.body);
    return new Map(rows.map((row) => [row.name ?? row.key, row.kpis]));
  };

  const expectBreakdown = async (
    by: string,
    groups: Readonly<Record<string, Figures>>,
    nameOf = (name: string) => name,
  ) => {
    const rows = await breakdown(by);
    for (const [name, figures] of Object.entries(groups)) {
      const answers = rows.get(nameOf(name));
      if (answers === undefined)
        throw new Error(`${by}: no row for ${nameOf(name)} among ${[...rows.keys()].join(', ')}`);
      expectFigures(answers, figures);
    }
  };

  it('takes every row in', () => {
    expect(first).toMatchObject({ status: 'succeeded', rows: 8800, created: 8800, rejected: 0 });
  });

  it('answers the overall figures', async () => {
    const response = await run.request('GET', `/v1/metrics?scope=org&period=${PERIOD}&kpis=${KPIS}`);
    expect(response.status).toBe(200);
    const open = (expected.stages.Engaging ?? 0) + (expected.stages.Prospecting ?? 0);
    expectFigures(z.object({ kpis: Answers }).parse(response.body).kpis, { ...expected.overall, open });
  });

  it('answers by rep', async () => expectBreakdown('rep', expected.by_agent));
  it('answers by team', async () => expectBreakdown('team', expected.by_manager));
  it('answers by territory', async () => expectBreakdown('territory', expected.by_region));
  it('answers by product, under the product’s own name', async () =>
    expectBreakdown('product', expected.by_product, (name) => (name === 'GTXPro' ? 'GTX Pro' : name)));
  it('answers by closing month', async () => expectBreakdown('month', expected.by_close_month));

  it('answers by industry, and leaves the deals without an account to the rest', async () => {
    const { '(no account)': none, ...sectors } = expected.by_sector;
    await expectBreakdown('industry', sectors, (name) => (name === 'technolgy' ? 'technology' : name));
    const rows = await breakdown('industry');
    const inIndustries = Object.keys(sectors)
      .map((name) => rows.get(name === 'technolgy' ? 'technology' : name))
      .reduce((sum, answers) => sum + (answers?.openDeals?.value ?? 0), 0);
    const org = await run.request('GET', `/v1/metrics?scope=org&period=${PERIOD}&kpis=openDeals`);
    const all = answer(z.object({ kpis: Answers }).parse(org.body).kpis, 'openDeals').value ?? 0;
    expect(all - inIndustries).toBe(none?.open);
  });

  it('answers each rep’s own scope as the breakdown does', async () => {
    const members = await run.request('GET', '/v1/members?limit=200');
    const { items } = z
      .object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
      .parse(members.body);
    const best = items.find((member) => member.name === 'Darcel Schlecht');
    const figures = expected.by_agent['Darcel Schlecht'];
    if (best === undefined || figures === undefined) throw new Error('Darcel Schlecht is missing');
    const response = await run.request(
      'GET',
      `/v1/metrics?scope=rep:${best.id}&period=${PERIOD}&kpis=${KPIS}`,
    );
    expectFigures(z.object({ kpis: Answers }).parse(response.body).kpis, figures);
  });

  it('says that nothing changed when the file comes again', async () => {
    const again = (await importPipeline(run, ['deals'])).deals;
    expect(again).toMatchObject({
      status: 'succeeded',
      created: 0,
      updated: 0,
      unchanged: 8800,
      rejected: 0,
    });
    const response = await run.request('GET', `/v1/metrics?scope=org&period=${PERIOD}&kpis=${KPIS}`);
    expectFigures(z.object({ kpis: Answers }).parse(response.body).kpis, expected.overall);
  });

  it('rejects a row of an unknown rep and takes the others', async () => {
    const report = await importCsv(run, 'deals', {
      csv: 'id,rep,stage,amount\nx-1,Nobody At All,qualification,10\nx-2,Darcel Schlecht,qualification,10\n',
      currency: 'USD',
      columns: { externalId: 'id', owner: 'rep', stage: 'stage', amount: 'amount' },
    });
    expect(report).toMatchObject({ status: 'succeeded', created: 1, rejected: 1 });
    expect(report.errors).toEqual([expect.objectContaining({ line: 2, column: 'rep' })]);
  });

  describe('seen by the people who sell it', () => {
    let nameOf: ReadonlyMap<string, string>;
    let whole: readonly SeenDeal[];
    const seenBy = async (name: string) => dealsSeenWith(run, await run.memberToken(emailOf(name)));
    const owners = (deals: readonly SeenDeal[]) => [
      ...new Set(deals.map(({ ownerId }) => nameOf.get(ownerId) ?? ownerId)),
    ];

    beforeAll(async () => {
      await giveAddresses(run);
      const { items } = z
        .object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
        .parse((await run.request('GET', '/v1/members?limit=200')).body);
      nameOf = new Map(items.map(({ id, name }) => [id, name]));
      whole = await dealsSeenWith(run, await run.token());
    });

    it('is to each manager the deals of the own reps and no others, together the whole', async () => {
      const together: SeenDeal[] = [];
      for (const manager of managers) {
        const seen = await seenBy(manager);
        const own = new Set(
          sellers.filter((each) => each.manager === manager).map(({ sales_agent }) => sales_agent),
        );
        expect(owners(seen).filter((name) => !own.has(name))).toEqual([]);
        expect(wonRevenue(seen)).toBe((expected.by_manager[manager]?.revenue ?? NaN) * 100);
        together.push(...seen);
      }
      expect(together.map(({ id }) => id).toSorted()).toEqual(whole.map(({ id }) => id).toSorted());
      expect(wonRevenue(together)).toBe(expected.overall.revenue * 100);
    });

    it('is to each rep the own deals alone', async () => {
      const together: SeenDeal[] = [];
      for (const { sales_agent: rep } of sellers) {
        const seen = await seenBy(rep);
        expect(owners(seen).filter((name) => name !== rep)).toEqual([]);
        expect(wonRevenue(seen)).toBe((expected.by_agent[rep]?.revenue ?? 0) * 100);
        together.push(...seen);
      }
      expect(together).toHaveLength(whole.length);
    });

    it('lies in the regional territories of the file', async () => {
      const { items } = z
        .object({ items: z.array(z.object({ name: z.string() })) })
        .parse((await run.request('GET', '/v1/territories?limit=200')).body);
      expect(items.map(({ name }) => name).toSorted()).toEqual(
        [...new Set(sellers.map(({ regional_office }) => regional_office))].toSorted(),
      );
    });
  });

  it('leaves nothing behind in a dead-letter queue', async () => {
    expect(await run.deadLetters()).toEqual([]);
  });
});
