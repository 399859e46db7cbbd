import { describe, expect, it } from 'vitest';
import { tokenChanges } from '../../../services/team/domain/token.ts';
import { scopes } from '../../../shared/auth/scopes.ts';
import { MemberState } from '../../../shared/events/team.ts';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';

const member = (over: Partial<MemberState>) =>
  MemberState.parse({
    id: derivedId(MemberId, 'rosa'),
    name: 'Rosa',
    role: 'rep',
    status: 'active',
    memberships: [],
    territoryIds: [],
    rampMonths: 0,
    ...over,
  });

describe('a person’s token', () => {
  it('names the member and the role, and is good for what the role may do', () => {
    const { claimsToAddOrOverride, scopesToAdd } = tokenChanges(member({}));
    expect(claimsToAddOrOverride).toEqual({ member_id: derivedId(MemberId, 'rosa'), role: 'rep' });
    expect(scopesToAdd).toContain('sales/deals.write');
    expect(scopesToAdd).not.toContain('sales/goals.write');
    expect(tokenChanges(member({ role: 'manager' })).scopesToAdd).toContain('sales/goals.write');
    expect(tokenChanges(member({ role: 'admin' })).scopesToAdd).toEqual(Object.keys(scopes));
  });

  it('holds no scope that the role does not give, whatever was asked for', () => {
    for (const role of ['rep', 'manager', 'admin'] as const) {
      const { scopesToAdd, scopesToSuppress } = tokenChanges(member({ role }));
      expect([...scopesToAdd, ...scopesToSuppress].toSorted()).toEqual(Object.keys(scopes).toSorted());
    }
  });

  it('opens nothing for someone unknown or departed', () => {
    for (const nobody of [undefined, member({ role: 'admin', status: 'departed' })]) {
      expect(tokenChanges(nobody)).toEqual({
        claimsToAddOrOverride: {},
        scopesToAdd: [],
        scopesToSuppress: Object.keys(scopes),
      });
    }
  });
});
