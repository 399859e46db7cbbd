import type { Audience } from '../../../shared/auth/visibility.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { MemberId, TeamId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';

/** Whose numbers a goal is about. */
export type GoalScope =
  | { readonly kind: 'org' }
  | { readonly kind: 'team'; readonly teamId: TeamId }
  | { readonly kind: 'rep'; readonly memberId: MemberId };

/** Reads `org`, `team:team_…` or `rep:mem_…`; undefined for anything else. */
export const parseScope = (text: string): GoalScope | undefined => {
  if (text === 'org') return { kind: 'org' };
  const [kind, id] = text.split(':');
  if (kind === 'team') {
    const teamId = TeamId.safeParse(id);
    return teamId.success ? { kind, teamId: teamId.data } : undefined;
  }
  if (kind === 'rep') {
    const memberId = MemberId.safeParse(id);
    return memberId.success ? { kind, memberId: memberId.data } : undefined;
  }
  return undefined;
};

/** The team that a goal belongs to: its own, or that of its rep on `day`. */
export const teamOfScope = (scope: GoalScope, directory: DirectorySnapshot, day: Day): TeamId | undefined => {
  if (scope.kind === 'team') return scope.teamId;
  const member = scope.kind === 'rep' ? directory.member(scope.memberId) : undefined;
  return member && directory.teamOf(member, day);
};

/** Who may read the numbers of the scope. */
export const audienceOf = (scope: GoalScope, directory: DirectorySnapshot, day: Day): Audience =>
  scope.kind === 'rep' ? { ...scope, teamId: teamOfScope(scope, directory, day) } : scope;

/** What people call the scope: the name of the organization, the team or the rep. */
export const scopeName = (text: string, directory: DirectorySnapshot): string => {
  const scope = parseScope(text);
  switch (scope?.kind) {
    case 'org':
      return directory.organization.name;
    case 'team':
      return directory.team(scope.teamId)?.name ?? text;
    case 'rep':
      return directory.member(scope.memberId)?.name ?? text;
    case undefined:
      return text;
  }
};
