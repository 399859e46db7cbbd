import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTeamService, type TeamService } from './team-service.ts';

let service: TeamService;
beforeAll(async () => {
  service = await startTeamService();
});
afterAll(async () => {
  await service.stop();
});

const change = async (body: object, headers: Record<string, string> = {}) =>
  service.call('POST', '/v1/organization/changes', body, { headers });

describe('a change of settings that recomputes', () => {
  it('needs an organization that is set up', async () => {
    expect(await change({ timeZone: 'Europe/Rome' })).toMatchObject({ status: 409 });
    expect((await service.call('PUT', '/v1/organization', { name: 'PastaPro' })).status).toBe(200);
  });

  it('asks the services what it would do, and bars nobody while it only asks', async () => {
    await service.events();
    const asked = await change({ reportingCurrency: 'EUR' });
    expect(asked).toMatchObject({
      status: 202,
      body: { dryRun: true, status: 'running', phase: 'preview', after: { reportingCurrency: 'EUR' } },
    });
    expect(await service.events()).toMatchObject([
      { detailType: 'SettingsChangeRequested.v1', detail: { data: { phase: 'preview' } } },
    ]);
    expect((await change({ timeZone: 'Europe/Rome' })).status).toBe(202);
  });

  it('honours the version of the settings that it is asked of', async () => {
    expect((await change({ timeZone: 'Europe/Rome' }, { 'if-match': '"7"' })).status).toBe(412);
  });

  it('is one at a time, and one for a repeated request', async () => {
    const headers = { 'idempotency-key': 'move-to-rome' };
    const body = { timeZone: 'Europe/Rome', dryRun: false };
    const first = await change(body, headers);
    const again = await change(body, headers);
    expect(first.status).toBe(202);
    expect(again.body).toEqual(first.body);
    expect((await change({ ...body, timeZone: 'Europe/Paris' }, headers)).status).toBe(422);
    const second = await change({ fiscalYearStartMonth: 4, dryRun: false });
    expect(second).toMatchObject({ status: 409 });
    expect(String(second.body.detail)).toContain(String(first.body.id));
    const found = await service.call('GET', `/v1/organization/changes/${String(first.body.id)}`);
    expect(found.body).toMatchObject({ status: 'running', phase: 'preview' });
    expect(await service.call('GET', '/v1/organization')).toMatchObject({ body: { timeZone: 'UTC' } });
  });

  it('is listed, the newest first', async () => {
    service.clock.time += 60_000;
    const { body } = await change({ reportingCurrency: 'GBP' });
    const list = await service.call('GET', '/v1/organization/changes?limit=1');
    expect(list.body).toMatchObject({ items: [{ id: body.id }], nextCursor: expect.any(String) as string });
  });
});
