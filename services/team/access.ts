import type { Actor } from '../../shared/auth/actor.ts';
import { administers } from '../../shared/auth/actor.ts';
import {
  assertManageable,
  assertVisible,
  mayManage,
  maySee,
  type Ownership,
  type Viewer,
  viewerOf,
} from '../../shared/auth/visibility.ts';
import { teamOnDay, teamSubtree } from '../../shared/directory/rules.ts';
import type { Repository } from '../../shared/dynamodb/repository.ts';
import { Forbidden } from '../../shared/errors/errors.ts';
import type { TeamState } from '../../shared/events/team.ts';
import type { MemberId, TeamId } from '../../shared/ids/id.ts';
import type { Day } from '../../shared/time/instant.ts';
import { TEAMS } from './store/entities.ts';
import type { Members } from './store/members.ts';
import type { OrganizationStore } from './store/organization.ts';

export interface AccessSources {
  readonly actor: Actor;
  readonly members: Members;
  readonly teams: Repository<TeamState>;
  readonly organization: OrganizationStore;
}

/**
 * What the caller of one request may see and do of people's records, by today's teams: a member sees the own ones, whoever
 * manages the member's team or one above sees and keeps them, admins and systems do all. Worked out when it is first asked.
 */
export class Access {
  readonly actor: Actor;
  readonly #sources: AccessSources;
  #viewer: Promise<Viewer> | undefined;
  #today: Promise<Day> | undefined;
  readonly #ownerships = new Map<MemberId, Promise<Ownership>>();

  constructor(sources: AccessSources) {
    this.actor = sources.actor;
    this.#sources = sources;
  }

  /** Where the organization is. */
  async today(): Promise<Day> {
    this.#today ??= this.#sources.organization.today();
    return this.#today;
  }

  async viewer(): Promise<Viewer> {
    this.#viewer ??= this.#load();
    return this.#viewer;
  }

  /** Whose a record about this member is; of someone unknown it is nobody's. */
  async ownershipOf(memberId: MemberId): Promise<Ownership> {
    const known = this.#ownerships.get(memberId) ?? this.#loadOwnership(memberId);
    this.#ownerships.set(memberId, known);
    return known;
  }

  /** Whether the caller may read records about the member. */
  async maySee(memberId: MemberId): Promise<boolean> {
    return maySee(await this.viewer(), await this.ownershipOf(memberId));
  }

  /** Whether the caller keeps records about the member: manages the member's team, or one above, and is not that member. */
  async mayManage(memberId: MemberId): Promise<boolean> {
    return mayManage(await this.viewer(), await this.ownershipOf(memberId));
  }

  /** Throws NotFound. `what` is a kind and an id, as in `review rev_01J…`. */
  async assertSees(memberId: MemberId, what: string): Promise<void> {
    assertVisible(await this.viewer(), await this.ownershipOf(memberId), what);
  }

  /** Throws NotFound for what may not be seen, Forbidden for what may be seen and not kept, as one's own review. */
  async assertManages(memberId: MemberId, what: string): Promise<void> {
    assertManageable(await this.viewer(), await this.ownershipOf(memberId), what);
  }

  /** Whether the caller belongs to the team or manages it; admins and systems see every team. */
  async seesTeam(teamId: TeamId): Promise<boolean> {
    const viewer = await this.viewer();
    if (viewer.sees !== 'part') return viewer.sees === 'everything';
    return viewer.teamId === teamId || viewer.managedTeams.has(teamId);
  }

  /** Whether the caller manages the team, or one above. */
  async managesTeam(teamId: TeamId): Promise<boolean> {
    const viewer = await this.viewer();
    if (viewer.sees !== 'part') return viewer.sees === 'everything';
    return viewer.managedTeams.has(teamId);
  }

  /** Throws Forbidden for reps: whatever concerns no single member, as hiring, is for managers and admins. */
  assertLeads(what: string): void {
    const { actor } = this;
    if (administers(actor) || (actor.kind === 'member' && actor.role === 'manager')) return;
    throw new Forbidden(`${what} is for managers and admins.`);
  }

  async #loadOwnership(memberId: MemberId): Promise<Ownership> {
    const [member, today] = await Promise.all([this.#sources.members.find(memberId), this.today()]);
    return { ownerId: memberId, teamId: member && teamOnDay(member.memberships, today) };
  }

  async #load(): Promise<Viewer> {
    const { actor, members, teams } = this.#sources;
    if (actor.kind !== 'member') return viewerOf(actor, undefined);
    const [member, today, all] = await Promise.all([
      members.find(actor.id),
      this.today(),
      actor.role === 'manager' ? teams.queryIndex('gsi1', TEAMS) : { items: [] },
    ]);
    if (member === undefined) return viewerOf(actor, undefined);
    const byId = new Map(all.items.map((team) => [team.id, team]));
    const managed = all.items.filter(({ managerId }) => managerId === actor.id);
    return viewerOf(actor, {
      status: member.status,
      teamId: teamOnDay(member.memberships, today),
      managedTeams: new Set(managed.flatMap(({ id }) => teamSubtree(byId, id))),
    });
  }
}
