import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { salesOrganization } from '../support/sales-organization.ts';
import { Drill } from './drill.ts';
import { deliver, pastaOrder, shop } from './every-kind-of-event.ts';

describe('webhooks that do not become orders', () => {
  let drill: Drill;
  let storeId: string;
  beforeAll(async () => {
    drill = await Drill.start();
    storeId = await shop(drill.run, await salesOrganization(drill.run));
    await drill.run.idle();
  });
  afterAll(async () => {
    await drill.run.stop();
  });
  const send = (id: string, secret?: string) =>
    deliver(drill.run, storeId, {
      id,
      body: pastaOrder(3001),
      ...(secret === undefined ? {} : { secret }),
    });
  const orders = async () => {
    const year = new Date().toISOString().slice(0, 4);
    return (await drill.run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=ordersCount`)).body;
  };

  it('are all drilled', async () => {
    expect(await drill.alarms('webhooks')).toEqual([
      'stores-silent',
      'webhooks-rejected',
      'webhooks-unreadable',
    ]);
  });

  it('raise an alarm where many are signed with a secret that the store does not have', async () => {
    await drill.minutes(5);
    for (let minutes = 0; minutes < 10; minutes += 5) {
      for (let number = 0; number < 21; number += 1)
        expect(await send(`rejected-${String(number)}`, 'new secret')).toBe(401);
      await drill.minutes(5);
    }
    expect(await drill.raised()).toEqual(['webhooks-rejected']);
    expect(await drill.runbooks()).toEqual({ 'webhooks-rejected': 'webhooks.md' });
    await drill.follow('webhooks', 'health', {}, 1);
  });

  it('are taken once the store has the new secret, and the alarm clears', async () => {
    const changed = await drill.run.request('PATCH', `/v1/stores/${storeId}`, {
      secrets: ['pastapro-web-shop', 'new secret'],
    });
    expect(changed.status).toBe(200);
    expect(await send('again', 'new secret')).toBe(200);
    await drill.run.idle();
    await drill.minutes(10);
    expect(await drill.raised()).toEqual([]);
    expect(await orders()).toMatchObject({ kpis: { ordersCount: { value: 1 } } });
  });

  it('raise an alarm at the first that can’t be read; it stays kept, and is carried out again by hand', async () => {
    await drill.minutes(1);
    expect(await deliver(drill.run, storeId, { id: 'odd', body: '{"id":"no number"}' })).toBe(200);
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).toEqual(['webhooks-unreadable']);
    expect(await drill.follow('webhooks', 'reconcile --apply', { storeId })).toMatch(/unreadable/);
    await drill.minutes(2);
    expect(await drill.raised()).toEqual([]);
  });

  it('raise an alarm where a store sends nothing for two days, and no more once it is heard of', async () => {
    await drill.minutes(49 * 60);
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).toEqual(['stores-silent']);
    expect(await drill.runbooks()).toEqual({ 'stores-silent': 'webhooks.md' });
    const health = await drill.run.request('GET', `/v1/stores/${storeId}/health`);
    expect(health.body).toMatchObject({ state: 'silent', silenceHours: 48 });
    expect(await send('heard-again')).toBe(200);
    await drill.run.idle();
    await drill.minutes(121);
    expect(await drill.raised()).toEqual([]);
  });
});
