import type { Actor } from '../../shared/auth/actor.ts';
import { assertManageable, mayChange, type Viewer, viewerOf } from '../../shared/auth/visibility.ts';
import type { Directory } from '../../shared/directory/directory.ts';
import { Forbidden } from '../../shared/errors/errors.ts';
import { type Clock, type Day } from '../../shared/time/instant.ts';
import type { MemberId, TeamId } from '../../shared/ids/id.ts';
import { dayOf } from '../../shared/time/zone.ts';

/** Works out, once per request and only if asked, what its caller may see, by today's directory. */
export class Visibility {
  readonly #actor: Actor;
  readonly #directory: Directory;
  readonly #clock: Clock;
  #viewer: Promise<Viewer> | undefined;

  constructor({
    actor,
    directory,
    clock,
  }: {
    readonly actor: Actor;
    readonly directory: Directory;
    readonly clock: Clock;
  }) {
    this.#actor = actor;
    this.#directory = directory;
    this.#clock = clock;
  }

  viewer(): Promise<Viewer> {
    this.#viewer ??= this.#load();
    return this.#viewer;
  }

  /** The team that a record of this owner belongs to today. */
  async teamOf(ownerId: MemberId): Promise<TeamId | undefined> {
    const [owner, day] = await Promise.all([this.#directory.member(ownerId), this.today()]);
    return owner && this.#directory.teamOf(owner, day);
  }

  /** @throws Forbidden unless the caller may give deals and accounts to this member */
  async assertMayOwn(ownerId: MemberId): Promise<void> {
    if (await this.#changes(ownerId)) return;
    throw new Forbidden(
      'Reps give deals and accounts to themselves, managers to the members of their teams.',
    );
  }

  /** Everyone sees an account, so that nobody makes it twice. @throws Forbidden unless the caller may change it */
  async assertMayChangeAccount({ ownerId }: { readonly ownerId?: MemberId | undefined }): Promise<void> {
    if (ownerId === undefined || (await this.#changes(ownerId))) return;
    throw new Forbidden(
      'Only its owner, whoever manages the owner’s team, and admins may change an account that has an owner.',
    );
  }

  /**
   * Managers of the owner's team, and of those above, and admins: never the owner, whoever that is.
   * @throws NotFound, Forbidden
   */
  async assertMayApprove({ ownerId }: { readonly ownerId: MemberId }, what: string): Promise<void> {
    assertManageable(await this.viewer(), { ownerId, teamId: await this.teamOf(ownerId) }, what);
    if (this.#actor.kind === 'member' && this.#actor.id === ownerId)
      throw new Forbidden(`Nobody approves what is their own; someone else must approve ${what}.`);
  }

  /** Everyone sees an account, but not what it is worth. @throws Forbidden for whoever may not change it */
  async assertMayWeighAccount({ ownerId }: { readonly ownerId?: MemberId | undefined }): Promise<void> {
    if (ownerId === undefined || (await this.#changes(ownerId))) return;
    throw new Forbidden(
      'Only its owner, whoever manages the owner’s team, and admins see what an account is worth.',
    );
  }

  /** In the organization's zone. */
  async today(): Promise<Day> {
    return dayOf(this.#clock.now(), (await this.#directory.organization()).timeZone);
  }

  async #changes(ownerId: MemberId): Promise<boolean> {
    return mayChange(await this.viewer(), { ownerId, teamId: await this.teamOf(ownerId) });
  }

  async #load(): Promise<Viewer> {
    const actor = this.#actor;
    if (actor.kind !== 'member') return viewerOf(actor, undefined);
    const [member, teams, day] = await Promise.all([
      this.#directory.member(actor.id),
      actor.role === 'manager' ? this.#directory.teams() : [],
      this.today(),
    ]);
    if (member === undefined) return viewerOf(actor, undefined);
    const managed = teams.filter(({ managerId }) => managerId === actor.id);
    const subtrees = await Promise.all(managed.map(async ({ id }) => this.#directory.subtree(id)));
    return viewerOf(actor, {
      status: member.status,
      teamId: this.#directory.teamOf(member, day),
      managedTeams: new Set(subtrees.flat()),
    });
  }
}
