import type { Actor } from '../../../shared/auth/actor.ts';
import { maySee, maySeeNumbers, mayChange, viewerOf, type Viewer } from '../../../shared/auth/visibility.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import { placeOf } from '../../../shared/directory/place.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { Clock, Day } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { audienceOf, type GoalScope, parseScope, teamOfScope } from '../domain/scope.ts';

/** What a goal, or an entry of its ledger, tells about who may see it. */
interface Seen {
  readonly scope: string;
  readonly ownerId?: MemberId | undefined;
  readonly watcherIds?: readonly MemberId[] | undefined;
}

/**
 * What one caller may do with goals, by today's directory. Goals are seen by whoever sees their scope's numbers, their owner
 * and their watchers; they are set by those who manage the scope's team, and by admins.
 */
export class Access {
  readonly directory: DirectorySnapshot;
  readonly today: Day;
  readonly #viewer: Viewer;

  constructor(actor: Actor, directory: DirectorySnapshot, today: Day) {
    this.directory = directory;
    this.today = today;
    const place = actor.kind === 'member' ? placeOf(directory, actor.id, today) : undefined;
    this.#viewer = viewerOf(actor, place);
  }

  static async of(actor: Actor, directory: Directory, clock: Clock): Promise<Access> {
    const snapshot = await directory.snapshot();
    return new Access(actor, snapshot, dayOf(clock.now(), snapshot.organization.timeZone));
  }

  maySee({ scope: text, ownerId, watcherIds }: Seen): boolean {
    if (maySee(this.#viewer, { ownerId, participantIds: watcherIds })) return true;
    const scope = parseScope(text);
    return scope !== undefined && maySeeNumbers(this.#viewer, audienceOf(scope, this.directory, this.today));
  }

  /** @throws NotFound */
  assertVisible(seen: Seen, what: string): void {
    if (!this.maySee(seen)) throw new NotFound(what);
  }

  /** @throws NotFound for what may not be seen, Forbidden for what may not be changed */
  assertChangeable(goal: Seen, what: string): void {
    this.assertVisible(goal, what);
    const scope = parseScope(goal.scope);
    // The owner of a goal does not set it.
    if (scope !== undefined && !mayChange(this.#viewer, { teamId: this.#teamOf(scope) }))
      throw new Forbidden(`Only admins, and whoever manages the team that it is about, may change ${what}.`);
  }

  /** @throws Forbidden */
  assertMaySet(scope: GoalScope): void {
    if (!mayChange(this.#viewer, { teamId: this.#teamOf(scope) }))
      throw new Forbidden('Goals are set by admins, and by managers for their own teams and reps.');
  }

  #teamOf(scope: GoalScope) {
    return teamOfScope(scope, this.directory, this.today);
  }
}
