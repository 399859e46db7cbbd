import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Directory, storeDirectoryEvent } from '../../../shared/directory/directory.ts';
import { placeOf } from '../../../shared/directory/place.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { EventOf } from '../../../shared/events/contract.ts';
import {
  MemberAdded,
  MemberState,
  MemberUpdated,
  OrganizationUpdated,
  TeamChanged,
  TerritoryChanged,
} from '../../../shared/events/team.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import { derivedId, EventId, MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import { Day, instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';

let dynoxide: Dynoxide;
let table: Table;
beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(async () => {
  await dynoxide.stop();
});
beforeEach(async () => {
  table = await dynoxide.table();
});

const day = Day.parse('2026-11-23');
const rosaId = derivedId(MemberId, 'rosa');
const evaId = derivedId(MemberId, 'eva');
const salesId = derivedId(TeamId, 'sales');
const italyId = derivedId(TeamId, 'italy');

const eventOf = (
  detailType: string,
  data: object,
  { subject = '', version = 1, epoch = 0 } = {},
): EventOf => ({
  detailType,
  data,
  metadata: {
    id: derivedId(EventId, detailType, subject, String(version), String(epoch)),
    time: instantFrom(0),
    correlationId: 'c',
    actor: 'system',
    subject: subject === '' ? String((data as { id?: string }).id) : subject,
    version,
    epoch,
  },
});

const member = (over: object) =>
  MemberState.parse({
    role: 'rep',
    status: 'active',
    memberships: [{ teamId: italyId, from: '2026-01-01' }],
    territoryIds: [],
    rampMonths: 0,
    ...over,
  });
const rosa = member({ id: rosaId, name: 'Rosa', email: 'Rosa@PastaPro.example' });
const eva = member({
  id: evaId,
  name: 'Eva',
  role: 'manager',
  memberships: [{ teamId: salesId, from: '2026-01-01' }],
});

const keepAll = async () => {
  const events = [
    eventOf(
      OrganizationUpdated.detailType,
      { ...defaultOrganization, name: 'PastaPro' },
      { subject: 'organization' },
    ),
    eventOf(MemberAdded.detailType, rosa),
    eventOf(MemberAdded.detailType, eva),
    eventOf(TeamChanged.detailType, { id: salesId, name: 'Sales', managerId: evaId }),
    eventOf(TeamChanged.detailType, { id: italyId, name: 'Italy', parentTeamId: salesId }),
    eventOf(TerritoryChanged.detailType, {
      id: derivedId(TerritoryId, 'south'),
      name: 'South',
      ownerIds: [],
    }),
  ];
  for (const event of events) expect(await storeDirectoryEvent(table, event)).toBe('done');
};

describe('a service’s own directory', () => {
  it('answers defaults while nothing is known', async () => {
    const directory = new Directory(table);
    expect(await directory.organization()).toEqual(defaultOrganization);
    expect(await directory.member(rosaId)).toBeUndefined();
    expect((await directory.snapshot()).members()).toEqual([]);
  });

  it('answers from what events have told, one by one and as a whole', async () => {
    await keepAll();
    const directory = new Directory(table);
    expect((await directory.organization()).name).toBe('PastaPro');
    expect(await directory.memberByEmail('rosa@pastapro.EXAMPLE')).toEqual(rosa);
    expect(await directory.membersNamed(' ROSA ')).toEqual([rosa]);
    expect(await directory.teamPath(italyId)).toEqual([italyId, salesId]);
    expect(await directory.subtree(salesId)).toEqual([salesId, italyId]);
    expect(await directory.managerOf(rosaId, day)).toBe(evaId);
    const snapshot = await directory.snapshot();
    expect(snapshot.managerOf(rosaId, day)).toBe(evaId);
    expect(snapshot.territories()).toMatchObject([{ name: 'South' }]);
    expect(placeOf(snapshot, evaId, day)).toEqual({
      status: 'active',
      teamId: salesId,
      managedTeams: new Set([salesId, italyId]),
    });
  });

  it('keeps the newest version whatever the order and repetition, and a restored table’s over all', async () => {
    const at = (version: number, epoch: number, name: string) =>
      storeDirectoryEvent(table, eventOf(MemberUpdated.detailType, { ...rosa, name }, { version, epoch }));
    expect(await at(3, 0, 'third')).toBe('done');
    expect(await at(2, 0, 'second')).toBe('stale');
    expect(await at(3, 0, 'third again')).toBe('duplicate');
    const directory = new Directory(table);
    expect((await directory.member(rosaId))?.name).toBe('third');
    expect(await at(1, 1, 'restored')).toBe('done');
    expect(await at(4, 0, 'before the restore')).toBe('stale');
    expect((await directory.member(rosaId))?.name).toBe('restored');
    expect(await directory.membersNamed('third')).toEqual([]);
  });

  it('hands a snapshot out again while it is young enough', async () => {
    await keepAll();
    let elapsed = 0;
    const directory = new Directory(table, { elapsed: () => elapsed });
    const first = await directory.snapshot({ maxAgeSeconds: 5 });
    elapsed = 4_999;
    expect(await directory.snapshot({ maxAgeSeconds: 5 })).toBe(first);
    elapsed = 5_000;
    expect(await directory.snapshot({ maxAgeSeconds: 5 })).not.toBe(first);
    expect(await directory.snapshot()).not.toBe(first);
  });
});
