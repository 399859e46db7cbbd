import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { awsClient } from '../support/aws-client.ts';
import { create, salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';
import { Drill } from './drill.ts';

const SERVICES = ['team', 'deals', 'metrics', 'goals'] as const;
const Parked = z.array(z.object({ key: z.string(), service: z.string().optional() }));

describe('events that can never be published', () => {
  let drill: Drill;
  let sales: SalesOrganization;
  let folder: string;
  let tables: DynamoDBDocumentClient;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quotaline-drill-'));
    drill = await Drill.start();
    tables = DynamoDBDocumentClient.from(new DynamoDBClient(awsClient(drill.run, 'dynamodb')));
    sales = await salesOrganization(drill.run);
  });
  afterAll(async () => {
    tables.destroy();
    await drill.run.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are parked and raise the alarm of their service, while others go on', async () => {
    await drill.minutes(1);
    for (const service of SERVICES) {
      const broken = {
        pk: 'broken',
        sk: 'broken',
        type: 'deal',
        version: 1,
        outboxId: 'evt_1',
        outbox: 'none',
      };
      await tables.send(new PutCommand({ TableName: `quotaline-dev-${service}`, Item: broken }));
    }
    await create(drill.run, '/v1/deals', {
      name: 'Trattoria Roma',
      ownerId: sales.repId,
      amount: { amount: 50_000, currency: 'USD' },
    });
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).toEqual([...(await drill.alarms('parked'))]);
    expect(new Set(Object.values(await drill.runbooks()))).toEqual(new Set(['parked.md']));
    expect(await drill.run.lastEvent('DealCreated.v1')).toMatchObject({ data: { name: 'Trattoria Roma' } });
  });

  it('are shown by the runbook’s commands, told again where there is something to tell, and dropped', async () => {
    const listed = await drill.follow('parked', 'parked list');
    const keys = [...listed.matchAll(/parked\/\S+/g)].map(([key]) => key);
    expect(keys).toHaveLength(SERVICES.length);
    for (const key of keys) {
      expect(await drill.follow('parked', 'parked show', { key })).toContain('outbox');
      await drill.follow('parked', 'parked drop --apply', { key, folder });
    }
    expect(await drill.follow('parked', 'republish --apply', { id: sales.repId })).toContain(sales.repId);
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).toEqual([]);
    expect(Parked.parse(JSON.parse(await drill.json('parked list')))).toEqual([]);
  });
});
