import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { create, salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';
import { startSystem, type System } from '../support/system.ts';

let run: System;
let sales: SalesOrganization;
beforeAll(async () => {
  run = await startSystem();
  sales = await salesOrganization(run);
});
afterAll(async () => {
  await run.stop();
});

const stage = (key: string, more: object = {}) => ({
  key,
  name: key,
  probability: 0.5,
  rottingDays: 10,
  ...more,
});

it('a stage asks for a call before it is left, and a stage that goes takes its deals along', async () => {
  const demanding = stage('due', { exitCriteria: [{ kind: 'activity', activity: 'call' }] });
  const pipelineId = await create(run, '/v1/pipelines', {
    name: 'Renewals',
    stages: [demanding, stage('offered', { probability: 0.8 })],
  });
  const deal = { name: 'Penne, next year', ownerId: sales.repId, pipelineId };
  const dealId = await create(run, '/v1/deals', { ...deal, amount: { amount: 480_000, currency: 'USD' } });
  const move = async () =>
    (await run.request('POST', `/v1/deals/${dealId}/stage`, { stage: 'offered' })).status;
  expect(await move()).toBe(422);
  const call = { kind: 'call', occurredAt: new Date(Date.now() - 1000).toISOString(), ownerId: sales.repId };
  await create(run, '/v1/activities', { ...call, dealId });
  expect(await move()).toBe(200);

  const stages = [demanding, stage('agreed', { probability: 0.9 })];
  const path = `/v1/pipelines/${pipelineId}`;
  expect((await run.request('PATCH', path, { stages })).status).toBe(409);
  const changed = await run.request('PATCH', path, { stages, migrate: { offered: 'agreed' } });
  expect(changed.status).toBe(202);
  await run.idle();
  const { id } = z.object({ migration: z.object({ id: z.string() }) }).parse(changed.body).migration;
  const report = await run.request('GET', `${path}/migrations/${id}`);
  expect(report.body).toMatchObject({ status: 'succeeded', deals: 1 });
  const moved = await run.request('GET', `/v1/deals/${dealId}`);
  expect(moved.body).toMatchObject({ stage: 'agreed', probability: 0.9 });
  expect(await run.lastEvent('DealStageChanged.v1')).toMatchObject({
    data: { id: dealId, stage: 'agreed', change: { previousStage: 'offered' } },
  });
});
