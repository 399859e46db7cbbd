import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import type { Recipient, RecipientRole } from './alert.ts';
import type { Goal } from './goal.ts';
import { parseScope } from './scope.ts';

/** Whose manager hears of the goal: the owner, or else the rep or the team's manager whom it is about. */
const responsible = (goal: Goal, directory: DirectorySnapshot): MemberId | undefined => {
  if (goal.ownerId !== undefined) return goal.ownerId;
  const scope = parseScope(goal.scope);
  if (scope?.kind === 'rep') return scope.memberId;
  return scope?.kind === 'team' ? directory.team(scope.teamId)?.managerId : undefined;
};

/**
 * Who gets an alert's mail today, each once: the owner's manager, the owner, the rep whom the goal is about, the watchers.
 * Where nobody manages the owner, as at the top, the owner's own copy is enough. Who has left or has no e-mail address is
 * kept in the list as skipped, with the reason.
 */
export const recipientsOf = (goal: Goal, directory: DirectorySnapshot, day: Day): readonly Recipient[] => {
  const owner = responsible(goal, directory);
  const scope = parseScope(goal.scope);
  const manager = owner && directory.managerOf(owner, day);
  const wanted: readonly (readonly [MemberId | undefined, RecipientRole])[] = [
    [manager, 'manager'],
    [owner, 'owner'],
    [scope?.kind === 'rep' ? scope.memberId : undefined, 'rep'],
    ...goal.watcherIds.map((id) => [id, 'watcher'] as const),
  ];
  const roles = new Map<MemberId, RecipientRole>();
  for (const [id, role] of wanted) if (id !== undefined && !roles.has(id)) roles.set(id, role);
  return [...roles].map(([memberId, role]) => {
    const reason = whyNot(memberId, directory);
    return {
      memberId,
      role,
      attempts: 0,
      ...(reason === undefined ? { state: 'pending' } : { state: 'skipped', reason }),
    };
  });
};

const whyNot = (id: MemberId, directory: DirectorySnapshot): string | undefined => {
  const member = directory.member(id);
  if (member === undefined) return 'is no member';
  if (member.status === 'departed') return 'has left';
  return member.email === undefined ? 'has no e-mail address' : undefined;
};
