import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsSettingsChange } from '../../../services/deals/settings/phases.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { SettingsChangeData, SettingsChangePhase } from '../../../shared/events/settings-change.ts';
import { derivedId, JobId, RequestId } from '../../../shared/ids/id.ts';
import type { JobPage } from '../../../shared/jobs/handler.ts';
import { addedCounts, type Job, newJob } from '../../../shared/jobs/job.ts';
import { Currency } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { ids, organization, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
const after = { ...organization, reportingCurrency: Currency.parse('EUR') };
const change: SettingsChangeData = {
  id: derivedId(RequestId, 'to-euros'),
  phase: 'preview',
  before: organization,
  after,
  settings: { epoch: 0, version: 2 },
};

const run = () => ({
  cause: { correlationId: 'test', actor: 'system' } as const,
  clock: { now: () => instantFrom(service.clock.time) },
});
const begun = (phase: SettingsChangePhase): Job =>
  newJob({ id: derivedId(JobId, phase), kind: 'settings-change', input: { ...change, phase } }, run().clock);
const next = (job: Job, page: JobPage): Job => ({
  ...job,
  counts: addedCounts(job.counts, page.counts ?? {}),
  position: page.position && { ...page.position },
  ...(page.found !== undefined && { found: { ...page.found } }),
});
/** Every page, each one twice: as after a crash that came before the job was saved. */
const carriedOut = async (phase: SettingsChangePhase): Promise<Job> => {
  const { page } = dealsSettingsChange(service.table);
  let job = begun(phase);
  do {
    const first = await page(job, run());
    await page(job, run());
    job = next(job, first);
  } while (job.position !== undefined);
  return job;
};

const won = async (ownerId: string, amount: number, currency: string): Promise<string> => {
  const made = await service.call('POST', '/v1/deals', {
    name: 'Fusilli',
    ownerId,
    amount: { amount, currency },
    startedAt: '2026-09-01T12:00:00Z',
  });
  const id = String(made.body.id);
  const win = await service.call('POST', `/v1/deals/${id}/win`, { closedAt: '2026-10-05T12:00:00Z' });
  expect(win.status, JSON.stringify(win.body)).toBe(200);
  return id;
};
const dealOf = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;

beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

describe('deals in another reporting currency', () => {
  let dollars: string;
  let euros: string;
  let open: string;

  it('are previewed with the rates that are missing, and left alone', async () => {
    dollars = await won(ids.ada, 10_000, 'USD');
    open = String(
      (
        await service.call('POST', '/v1/deals', {
          name: 'Penne',
          ownerId: ids.carl,
          amount: { amount: 5_000, currency: 'USD' },
        })
      ).body.id,
    );
    const before = await dealOf(dollars);
    const { counts, found } = await carriedOut('preview');
    expect(counts).toEqual({ closedDeals: 1, openDeals: 1, orders: 0, tooLarge: 0 });
    expect(found).toMatchObject({ missingRates: [{ currency: 'USD', day: '2026-10-05' }] });
    expect(await dealOf(dollars)).toEqual(before);
  });

  it('are refused beforehand where one would be worth too much, be it open', async () => {
    await service.call('PUT', '/v1/fx-rates/2026-10-01', { rates: { IDR: '0.00006' } });
    const rupiah: SettingsChangeData = {
      ...change,
      id: derivedId(RequestId, 'to-rupiah'),
      after: { ...organization, reportingCurrency: Currency.parse('IDR') },
    };
    const preview = async () => {
      const input = { ...rupiah, phase: 'preview' };
      const job = newJob({ id: derivedId(JobId, 'to-rupiah'), kind: 'settings-change', input }, run().clock);
      return dealsSettingsChange(service.table).page(job, run());
    };
    expect((await preview()).counts).toMatchObject({ tooLarge: 0 });
    const amount = { amount: 900_000_000_000, currency: 'USD' };
    const path = `/v1/deals/${open}`;
    expect((await service.call('PATCH', path, { amount })).status).toBe(200);
    const { counts, found } = await preview();
    expect(counts).toMatchObject({ tooLarge: 1 });
    expect(JSON.stringify(found)).toContain('1 deals or orders would be worth more');
    await service.call('PATCH', path, { amount: { amount: 5_000, currency: 'USD' } });
  });

  it('are restated once, by the rates that were kept, however often a page comes', async () => {
    await service.call('PUT', '/v1/fx-rates/2026-10-01', { rates: { EUR: '1.25' } });
    euros = await won(ids.bob, 8_000, 'EUR');
    await service.call('POST', `/v1/deals/${dollars}/adjustments`, {
      kind: 'refund',
      amount: { amount: 2_000, currency: 'USD' },
      at: '2026-10-20T12:00:00Z',
      reason: 'Broken',
    });
    expect((await carriedOut('preview')).found).toMatchObject({ missingRates: [], rate: { rate: '0.8' } });
    await carriedOut('prepare');
    expect(await new Directory(service.table).organization()).toEqual(after);
    const { version } = await dealOf(dollars);
    const { counts } = await carriedOut('recompute');
    expect(counts).toEqual({ deals: 3, orders: 0 });
    expect(await dealOf(dollars)).toMatchObject({
      version: Number(version) + 1,
      frozenRate: { currency: 'EUR', rate: '0.8', day: '2026-10-01' },
      reportingAmount: { amount: 8_000, currency: 'EUR' },
      adjustments: [{ reportingAmount: { amount: -1_600, currency: 'EUR' } }],
    });
    expect(await dealOf(euros)).toMatchObject({ reportingAmount: { amount: 8_000, currency: 'EUR' } });
    expect(await dealOf(open)).toMatchObject({ reportingAmount: { amount: 4_000, currency: 'EUR' } });
    await carriedOut('recompute');
    expect(await dealOf(dollars)).toMatchObject({ version: Number(version) + 1 });
  });
});
