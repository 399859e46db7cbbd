import { Forbidden, NotFound } from '../errors/errors.ts';
import type { MemberId, TeamId } from '../ids/id.ts';
import type { Actor } from './actor.ts';

/**
 * Where a member stands at this moment, by the service's own copy of team events: departing or moving takes effect at
 * once, not when a token ends.
 */
export interface Place {
  readonly status: 'active' | 'departed';
  /** The team of today; undefined for someone in none. */
  readonly teamId: TeamId | undefined;
  /** The teams that the member manages, and all below them. */
  readonly managedTeams: ReadonlySet<TeamId>;
}

/** Whose a record is: a deal, an order, a goal. */
export interface Ownership {
  readonly ownerId?: MemberId | undefined;
  /** The owner's team, as kept on the record. */
  readonly teamId?: TeamId | undefined;
  /** Others who take part, as by a split of the credit: they see it, and change nothing. */
  readonly participantIds?: readonly MemberId[] | undefined;
}

/** What a number, a board or a goal is about. */
export type Audience =
  | { readonly kind: 'org' }
  | { readonly kind: 'team'; readonly teamId: TeamId }
  | { readonly kind: 'rep'; readonly memberId: MemberId; readonly teamId?: TeamId | undefined }
  /** A cut across teams: a product, a territory, a store, a source, a segment. */
  | { readonly kind: 'cut' };

/** What someone may see, worked out once per request. */
export type Viewer =
  | { readonly sees: 'everything' }
  | { readonly sees: 'nothing' }
  | {
      readonly sees: 'part';
      readonly memberId: MemberId;
      readonly teamId: TeamId | undefined;
      /** Empty for a rep. */
      readonly managedTeams: ReadonlySet<TeamId>;
    };

const noTeams: ReadonlySet<TeamId> = new Set();

/**
 * Admins and systems see everything, managers the teams below them, reps what is their own. `place` is undefined for a
 * member of whom the service hasn't heard yet: who sees only what is their own, whatever the token says.
 */
export const viewerOf = (actor: Actor, place: Place | undefined): Viewer => {
  switch (actor.kind) {
    case 'open':
      return { sees: 'nothing' };
    case 'client':
      return { sees: 'everything' };
    case 'member': {
      if (place?.status === 'departed') return { sees: 'nothing' };
      if (actor.role === 'admin') return { sees: 'everything' };
      const managedTeams = actor.role === 'manager' ? (place?.managedTeams ?? noTeams) : noTeams;
      return { sees: 'part', memberId: actor.id, teamId: place?.teamId, managedTeams };
    }
  }
};

const isOwn = (viewer: Extract<Viewer, { sees: 'part' }>, { ownerId, teamId }: Ownership): boolean =>
  ownerId === viewer.memberId || (teamId !== undefined && viewer.managedTeams.has(teamId));

/** Whether the viewer may read the record. */
export const maySee = (viewer: Viewer, record: Ownership): boolean => {
  if (viewer.sees !== 'part') return viewer.sees === 'everything';
  return isOwn(viewer, record) || (record.participantIds?.includes(viewer.memberId) ?? false);
};

/** Whether the viewer may change the record. What one may change, one may see. */
export const mayChange = (viewer: Viewer, record: Ownership): boolean =>
  viewer.sees === 'part' ? isOwn(viewer, record) : viewer.sees === 'everything';

/**
 * Whether the viewer keeps a record about a member, as a review: whoever manages the member's team, or one above it, and
 * admins; nobody for themselves.
 */
export const mayManage = (viewer: Viewer, { ownerId, teamId }: Ownership): boolean => {
  if (viewer.sees !== 'part') return viewer.sees === 'everything';
  return ownerId !== viewer.memberId && teamId !== undefined && viewer.managedTeams.has(teamId);
};

/** Whether the viewer may read the numbers of an audience: a rep those of the own team's board, too. */
export const maySeeNumbers = (viewer: Viewer, audience: Audience): boolean => {
  if (viewer.sees !== 'part') return viewer.sees === 'everything';
  const teamIsSeen = (teamId: TeamId | undefined): boolean =>
    teamId !== undefined && (teamId === viewer.teamId || viewer.managedTeams.has(teamId));
  switch (audience.kind) {
    case 'team':
      return teamIsSeen(audience.teamId);
    case 'rep':
      return audience.memberId === viewer.memberId || teamIsSeen(audience.teamId);
    case 'org':
    case 'cut':
      return false;
  }
};

/** Throws NotFound for a record that the viewer may not see. `what` is a kind and an id, as in `deal deal_01J…`. */
export const assertVisible = (viewer: Viewer, record: Ownership, what: string): void => {
  if (!maySee(viewer, record)) throw new NotFound(what);
};

/** Throws NotFound for a record that the viewer may not see, Forbidden for one that may be seen but not changed. */
export const assertChangeable = (viewer: Viewer, record: Ownership, what: string): void => {
  assertVisible(viewer, record, what);
  if (!mayChange(viewer, record))
    throw new Forbidden(`Only its owner, whoever manages the owner’s team, and admins may change ${what}.`);
};

/** Throws NotFound for a record that the viewer may not see, Forbidden for one that others keep. */
export const assertManageable = (viewer: Viewer, record: Ownership, what: string): void => {
  if (mayManage(viewer, record)) return;
  assertVisible(viewer, record, what);
  throw new Forbidden(`Only whoever manages the member’s team, and admins, may do this to ${what}.`);
};

/** Throws NotFound for numbers that the viewer may not see. */
export const assertNumbersVisible = (viewer: Viewer, audience: Audience, what: string): void => {
  if (!maySeeNumbers(viewer, audience)) throw new NotFound(what);
};
