import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CognitoUsers } from '../../../services/team/sign-in/cognito-users.ts';
import { memberBehind } from '../../../services/team/sign-in/member-behind.ts';
import { SignInKeeper } from '../../../services/team/sign-in/sign-in-keeper.ts';
import { Members } from '../../../services/team/store/members.ts';
import { SignIns } from '../../../services/team/store/sign-ins.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { MemberAdded, MemberState, MemberUpdated } from '../../../shared/events/team.ts';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { type CognitoService, startCognito } from './cognito-service.ts';

const ROSA = 'rosa@pastapro.example';

describe('whom a token is made for', () => {
  let dynoxide: Dynoxide;
  beforeAll(async () => {
    dynoxide = await startDynoxide();
  });
  afterAll(async () => dynoxide.stop());

  it('is the member of the address, and never another than the one whose user it is', async () => {
    const table = await dynoxide.table();
    const members = new Members(table, { correlationId: 'test', actor: 'system' });
    const signIns = new SignIns(table);
    const [rosa, bruno] = (['rosa', 'bruno'] as const).map((name) => derivedId(MemberId, name));
    if (rosa === undefined || bruno === undefined) throw new TypeError('two members');
    const facts = { name: 'Rosa', role: 'admin', status: 'active', rampMonths: 0 };
    const state = { ...facts, id: rosa, email: ROSA, memberships: [], territoryIds: [] };
    await members.create(MemberState.parse(state), MemberAdded);
    const behind = async (username: string) =>
      (await memberBehind({ username, email: ROSA }, { members, signIns }))?.id;
    expect(await behind('made-by-hand')).toBe(rosa);
    await signIns.claim('user-of-rosa', rosa);
    expect(await behind('user-of-rosa')).toBe(rosa);
    // The address was Bruno's until a moment ago, and his user still has it.
    await signIns.claim('user-of-bruno', bruno);
    expect(await behind('user-of-bruno')).toBeUndefined();
  });
});

describe('who is a member', () => {
  let dynoxide: Dynoxide;
  let cognito: CognitoService;
  let table: Table;
  let members: Members;
  let keeper: SignInKeeper;

  beforeAll(async () => {
    dynoxide = await startDynoxide();
  });
  afterAll(async () => dynoxide.stop());
  beforeEach(async () => {
    cognito = await startCognito();
    table = await dynoxide.table();
    members = new Members(table, { correlationId: 'test', actor: 'system' });
    keeper = new SignInKeeper({
      members,
      signIns: new SignIns(table),
      users: new CognitoUsers(cognito.client, cognito.poolId),
    });
  });
  afterEach(() => {
    cognito.stop();
  });

  const add = async (name: string, over: Partial<MemberState> = {}): Promise<Stored<MemberState>> =>
    members.create(
      MemberState.parse({
        id: derivedId(MemberId, name),
        name,
        role: 'rep',
        status: 'active',
        memberships: [],
        territoryIds: [],
        rampMonths: 0,
        ...over,
      }),
      MemberAdded,
    );
  const change = async (
    { id }: Pick<MemberState, 'id'>,
    changes: (member: MemberState) => Partial<MemberState>,
  ): Promise<Stored<MemberState>> => {
    const before = await members.get(id);
    const after = { ...before, ...changes(before) };
    return members.save(before, after, MemberUpdated);
  };
  const withoutEmail = (member: Stored<MemberState>): Stored<MemberState> => {
    const { email: _, ...rest } = member;
    return rest;
  };
  const emptyEmail = async ({ id }: Pick<MemberState, 'id'>): Promise<Stored<MemberState>> => {
    const before = await members.get(id);
    return members.save(before, withoutEmail(before), MemberUpdated);
  };
  const heard = async ({ id, version }: Stored<MemberState>, isRepeated = false) =>
    keeper.keep(id, { version, isRepeated });

  it('is invited by mail, and is a user in the group of the role', async () => {
    expect(await heard(await add('Rosa', { email: ROSA, role: 'manager' }))).toBe('done');
    expect(cognito.user(ROSA)).toMatchObject({ verified: 'true', isEnabled: true, groups: ['manager'] });
    expect(cognito.mails().map(({ to }) => to)).toEqual([[ROSA]]);
  });

  it('is no user without an address', async () => {
    expect(await heard(await add('Rosa'))).toBe('irrelevant');
    expect(cognito.calls()).toEqual([]);
  });

  it('is invited once, however often that is told', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    expect(await heard(rosa)).toBe('duplicate');
    expect(await heard(rosa, true)).toBe('done');
    expect(cognito.mails()).toHaveLength(1);
    expect(cognito.user(ROSA)?.groups).toEqual(['rep']);
  });

  it('changes groups with the role, and costs the pool nothing where only other things change', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    await heard(await change(rosa, () => ({ role: 'admin' })));
    expect(cognito.user(ROSA)?.groups).toEqual(['admin']);
    cognito.calls();
    expect(await heard(await change(rosa, () => ({ rampMonths: 6 })))).toBe('done');
    expect(cognito.calls()).toEqual([]);
  });

  it('stays the same user under another address', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    const sub = cognito.user(ROSA)?.sub;
    await heard(await change(rosa, () => ({ email: 'rosa.bruni@pastapro.example' })));
    expect(cognito.user('rosa.bruni@pastapro.example')).toMatchObject({ sub, verified: 'true' });
    expect(cognito.user(ROSA)).toBeUndefined();
    expect(cognito.mails()).toHaveLength(1);
  });

  it('is signed out and shut out on leaving, and deleted once erased', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    cognito.calls();
    await heard(await change(rosa, () => ({ status: 'departed' })));
    expect(cognito.calls()).toEqual(['AdminDisableUser', 'AdminUserGlobalSignOut']);
    expect(cognito.user(ROSA)?.isEnabled).toBe(false);
    await heard(await emptyEmail(rosa));
    expect(cognito.user(ROSA)).toBeUndefined();
    expect(JSON.stringify(await table.get({ pk: `sign-in#${rosa.id}`, sk: 'state' }))).not.toContain('rosa');
  });

  it('is shut out without an address, and the same user again with one', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    const sub = cognito.user(ROSA)?.sub;
    await heard(await emptyEmail(rosa));
    expect(cognito.user(ROSA)?.isEnabled).toBe(false);
    await heard(await change(rosa, () => ({ email: ROSA })));
    expect(cognito.user(ROSA)).toMatchObject({ sub, isEnabled: true });
  });

  it('ends up right whatever the order of the events', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    const promoted = await change(rosa, () => ({ role: 'manager' }));
    await heard(promoted);
    expect(await heard(rosa)).toBe('stale');
    expect(cognito.user(ROSA)?.groups).toEqual(['manager']);
    const left = await change(rosa, () => ({ status: 'departed' }));
    for (const event of [left, rosa, promoted, left]) await heard(event);
    expect(cognito.user(ROSA)?.isEnabled).toBe(false);
  });

  it('ends up right when two messages are handled at the same time', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    const promoted = await change(rosa, () => ({ role: 'manager' }));
    await Promise.all([heard(rosa), heard(promoted)]);
    expect(cognito.user(ROSA)).toMatchObject({ groups: ['manager'], isEnabled: true });
    expect(cognito.mails()).toHaveLength(1);
  });

  it('gets the user that was made by hand, with its password', async () => {
    const users = new CognitoUsers(cognito.client, cognito.poolId);
    const byHand = await users.invite(ROSA);
    await heard(await add('Rosa', { email: ROSA, role: 'admin' }));
    expect(cognito.user(ROSA)).toMatchObject({ sub: byHand, groups: ['admin'] });
    expect(cognito.mails()).toHaveLength(1);
  });

  it('who left before the system kept users is shut out as well', async () => {
    await new CognitoUsers(cognito.client, cognito.poolId).invite(ROSA);
    await heard(await add('Rosa', { email: ROSA, status: 'departed' }));
    expect(cognito.user(ROSA)?.isEnabled).toBe(false);
  });

  it('becomes a new user where somebody deleted the old one', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    await new CognitoUsers(cognito.client, cognito.poolId).remove(ROSA);
    await heard(await change(rosa, () => ({ email: 'rosa.bruni@pastapro.example' })));
    expect(cognito.user('rosa.bruni@pastapro.example')).toMatchObject({ isEnabled: true, groups: ['rep'] });
  });

  it('gets the address of another, and never their user', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    await heard(rosa);
    const former = cognito.user(ROSA)?.sub;
    // Marco has it before anybody has told the pool that Rosa has another.
    const moved = await change(rosa, () => ({ email: 'rosa.bruni@pastapro.example' }));
    const marco = await add('Marco', { email: ROSA });
    await heard(marco);
    expect(cognito.user(ROSA)?.sub).not.toBe(former);
    expect(cognito.user('rosa.bruni@pastapro.example')?.sub).toBe(former);
    expect(await heard(moved)).toBe('duplicate');
    // Without an address Rosa’s user only holds it up, and goes.
    await emptyEmail(rosa);
    await heard(await change(marco, () => ({ email: 'rosa.bruni@pastapro.example' })));
    expect(cognito.user('rosa.bruni@pastapro.example')?.sub).not.toBe(former);
    expect(cognito.user(ROSA)).toBeUndefined();
  });

  it('is tried again when the pool is throttled, and is whole then', async () => {
    const rosa = await add('Rosa', { email: ROSA });
    cognito.refusing = (operation) =>
      operation === 'AdminAddUserToGroup' ? 'TooManyRequestsException' : undefined;
    await expect(heard(rosa)).rejects.toThrow(/as the test wants it/);
    cognito.refusing = () => undefined;
    expect(await heard(rosa, true)).toBe('done');
    expect(cognito.user(ROSA)).toMatchObject({ groups: ['rep'] });
    expect(cognito.mails()).toHaveLength(1);
  });
});
