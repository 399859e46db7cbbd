import { roleScopes } from '../../../shared/auth/role-scopes.ts';
import { scopes } from '../../../shared/auth/scopes.ts';
import type { MemberState } from '../../../shared/events/team.ts';

/** What Cognito is to put into an access token, or keep out of it. */
export interface TokenChanges {
  readonly claimsToAddOrOverride: Readonly<Record<string, string>>;
  readonly scopesToAdd: readonly string[];
  readonly scopesToSuppress: readonly string[];
}

/**
 * The claims and scopes of a person: those of the member with their e-mail address. Someone who is no member, or has
 * departed, gets a token that opens nothing.
 */
export const tokenChanges = (member: MemberState | undefined): TokenChanges => {
  if (member?.status !== 'active') {
    return { claimsToAddOrOverride: {}, scopesToAdd: [], scopesToSuppress: Object.keys(scopes) };
  }
  const granted = roleScopes[member.role];
  return {
    claimsToAddOrOverride: { member_id: member.id, role: member.role },
    scopesToAdd: granted,
    scopesToSuppress: Object.keys(scopes).filter((scope) => !granted.some((each) => each === scope)),
  };
};
