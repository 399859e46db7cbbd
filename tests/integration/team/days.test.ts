import { afterAll, beforeAll, expect, it } from 'vitest';
import { beginDay } from '../../../services/team/store/days.ts';
import { ORGANIZATION, organizationEntity } from '../../../services/team/store/entities.ts';
import { OrganizationStore } from '../../../services/team/store/organization.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { OrganizationUpdated } from '../../../shared/events/team.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { streamRecords } from '../../support/stream.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;

let dynoxide: Dynoxide;
let table: Table;
let now = Date.parse('2026-11-23T22:30:00Z');
beforeAll(async () => {
  dynoxide = await startDynoxide();
  table = await dynoxide.table({ clock: { now: () => instantFrom(now) } });
});
afterAll(async () => {
  await dynoxide.stop();
});

it('a day is told once, however many turns look', async () => {
  expect(await Promise.all([1, 2, 3].map(async () => beginDay(table, cause)))).toContain('2026-11-23');
  expect(await beginDay(table, cause)).toBeUndefined();
  const told = (await streamRecords(dynoxide, table.name)).filter(
    ({ dynamodb }) => dynamodb?.NewImage?.outboxId,
  );
  expect(told).toHaveLength(1);
});

it('it begins where the organization is', async () => {
  await new OrganizationStore(table, cause).put(
    { ...defaultOrganization, timeZone: 'Europe/Rome' },
    undefined,
  );
  now += 29 * 60_000;
  expect(await beginDay(table, cause)).toBeUndefined();
  now += 60_000;
  expect(await beginDay(table, cause)).toBe('2026-11-24');
});

it('days on which nobody looked are passed by, and none comes back when the organization moves west', async () => {
  now = Date.parse('2026-12-01T03:00:00Z');
  expect(await beginDay(table, cause)).toBe('2026-12-01');
  // As a change of the settings does it; the route refuses a new time zone once there is one.
  const stored = new Repository(table, organizationEntity, cause);
  await stored.save(
    { ...(await stored.get(ORGANIZATION)), timeZone: 'America/New_York' },
    OrganizationUpdated,
  );
  expect(await beginDay(table, cause)).toBeUndefined();
});
