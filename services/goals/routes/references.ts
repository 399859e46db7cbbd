import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import { type GoalScope, parseScope } from '../domain/scope.ts';

interface References {
  readonly scope?: string | undefined;
  readonly ownerId?: MemberId | null | undefined;
  readonly watcherIds?: readonly MemberId[] | undefined;
}

const memberError = (id: MemberId, path: string, directory: DirectorySnapshot): InputError[] => {
  const member = directory.member(id);
  if (member === undefined) return [{ path, message: `there is no member ${id}` }];
  return member.status === 'departed' ? [{ path, message: `must not be ${id}, who has left` }] : [];
};

const scopeError = (text: string, directory: DirectorySnapshot): InputError[] => {
  const scope = parseScope(text);
  const path = '/scope';
  switch (scope?.kind) {
    case 'org':
      return [];
    case 'team':
      return directory.team(scope.teamId) ? [] : [{ path, message: `there is no team ${scope.teamId}` }];
    case 'rep':
      return memberError(scope.memberId, path, directory);
    case undefined:
      return [{ path, message: 'must be org, team:team_… or rep:mem_…' }];
  }
};

/** Throws Unprocessable with everything that a goal refers to and that there is not. */
export const assertReferences = (
  { scope, ownerId, watcherIds = [] }: References,
  directory: DirectorySnapshot,
): void => {
  const errors = [
    ...(scope === undefined ? [] : scopeError(scope, directory)),
    ...(ownerId == null ? [] : memberError(ownerId, '/ownerId', directory)),
    ...watcherIds.flatMap((id, index) => memberError(id, `/watcherIds/${String(index)}`, directory)),
  ];
  if (errors.length > 0)
    throw new Unprocessable('The request refers to something that does not exist.', errors);
};

/** Whose goal it is unless said otherwise: the rep's, or the team's manager's. */
export const defaultOwner = (scope: GoalScope, directory: DirectorySnapshot): MemberId | undefined => {
  if (scope.kind === 'rep') return scope.memberId;
  return scope.kind === 'team' ? directory.team(scope.teamId)?.managerId : undefined;
};
