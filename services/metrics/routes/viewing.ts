import type { Actor } from '../../../shared/auth/actor.ts';
import {
  assertNumbersVisible,
  type Audience,
  type Viewer,
  viewerOf,
} from '../../../shared/auth/visibility.ts';
import { placeOf } from '../../../shared/directory/place.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import type { Day } from '../../../shared/time/instant.ts';
import type { Names } from '../store/names.ts';
import { type Scope, scopeText } from '../domain/scope.ts';

const audienceOf = (scope: Scope, directory: DirectorySnapshot, today: Day): Audience => {
  switch (scope.kind) {
    case 'org':
      return { kind: 'org' };
    case 'team':
      return { kind: 'team', teamId: scope.id };
    case 'rep': {
      const member = directory.member(scope.id);
      return { kind: 'rep', memberId: scope.id, teamId: member && directory.teamOf(member, today) };
    }
    default:
      return { kind: 'cut' };
  }
};

/** Sources, industries and stores are known by their numbers alone: any may be asked for. */
const isKnown = async (scope: Scope, directory: DirectorySnapshot, names: Names): Promise<boolean> => {
  switch (scope.kind) {
    case 'team':
      return directory.team(scope.id) !== undefined;
    case 'rep':
      return directory.member(scope.id) !== undefined;
    case 'territory':
      return directory.territory(scope.id) !== undefined;
    case 'product':
    case 'account':
      return (await names.of([scope.id])).has(scope.id);
    default:
      return true;
  }
};

/** Throws NotFound for a scope that is not there, and alike for one that the caller may not see. */
export const assertScopeVisible = async (
  scope: Scope,
  {
    actor,
    directory,
    names,
    today,
  }: {
    readonly actor: Actor;
    readonly directory: DirectorySnapshot;
    readonly names: Names;
    readonly today: Day;
  },
): Promise<Viewer> => {
  const what = `scope ${scopeText(scope)}`;
  const place = actor.kind === 'member' ? placeOf(directory, actor.id, today) : undefined;
  const viewer = viewerOf(actor, place);
  assertNumbersVisible(viewer, audienceOf(scope, directory, today), what);
  if (!(await isKnown(scope, directory, names))) throw new NotFound(what);
  return viewer;
};
