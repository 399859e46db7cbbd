import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { eventually } from '../support/eventually.ts';
import { startSystem, type System } from '../support/system.ts';

const Started = z.object({ id: z.string(), uploadUrl: z.string().optional() });
const Report = z.looseObject({ status: z.string(), url: z.string().optional() });

describe('a file that is too large for a request', () => {
  let run: System;
  beforeAll(async () => {
    run = await startSystem();
  });
  afterAll(async () => {
    await run.stop();
  });

  const ended = async (path: string) =>
    eventually(path, 60_000, async () => {
      const report = Report.parse((await run.request('GET', path)).body);
      return report.status === 'succeeded' || report.status === 'failed' ? report : undefined;
    });

  it('is uploaded, taken in, and comes out again as an export', async () => {
    const csv = `name,sku\n${Array.from({ length: 1200 }, (_, at) => `Pasta ${String(at)},P-${String(at)}`).join('\n')}\n`;
    const asked = await run.request('POST', '/v1/imports/products', { upload: true });
    expect(asked.status).toBe(202);
    const { id, uploadUrl = '' } = Started.parse(asked.body);
    expect((await fetch(uploadUrl, { method: 'PUT', body: csv })).status).toBe(200);
    const report = await ended(`/v1/imports/products/${id}`);
    expect(report).toMatchObject({ status: 'succeeded', rows: 1200, created: 1200, rejected: 0 });

    const started = await run.request('POST', '/v1/exports/products', {});
    expect(started.status).toBe(202);
    const { url = '' } = await ended(`/v1/exports/products/${Started.parse(started.body).id}`);
    const file = await fetch(url);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="products-/);
    const lines = (await file.text()).trim().split('\n');
    expect(lines).toHaveLength(1201);
    expect(new Set(lines)).toContain('Pasta 7,P-7,,,');
  });
});
