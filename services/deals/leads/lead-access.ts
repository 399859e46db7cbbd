import { mayChange, maySee, type Viewer } from '../../../shared/auth/visibility.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import type { LeadId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { Visibility } from '../viewer.ts';
import type { Leads } from './leads.ts';

interface Sources {
  readonly leads: Leads;
  readonly visibility: Visibility;
}

/** Leads that are nobody's are for those who give them to somebody: managers, admins and systems. */
export const maySeeUnassigned = (viewer: Viewer): boolean =>
  viewer.sees === 'everything' || (viewer.sees === 'part' && viewer.managedTeams.size > 0);

/** A lead is its owner's, as a deal is. */
export const maySeeLead = (
  viewer: Viewer,
  { ownerId, teamId }: { readonly ownerId?: MemberId | undefined; readonly teamId: TeamId | undefined },
): boolean => (ownerId === undefined ? maySeeUnassigned(viewer) : maySee(viewer, { ownerId, teamId }));

/** @throws NotFound for one that there is not, that was erased, or that the caller may not see */
export const leadToRead = async (id: LeadId, { leads, visibility }: Sources): Promise<Stored<Lead>> => {
  const lead = await leads.repository.find(id);
  const what = `lead ${id}`;
  if (lead === undefined || lead.deleted) throw new NotFound(what);
  const teamId = lead.ownerId && (await visibility.teamOf(lead.ownerId));
  if (!maySeeLead(await visibility.viewer(), { ownerId: lead.ownerId, teamId })) throw new NotFound(what);
  return lead;
};

/** The lead, read to be changed by whoever may. @throws NotFound, Forbidden; PreconditionFailed if it isn't at version `ifMatch` */
export const leadToChange = async (
  id: LeadId,
  ifMatch: number | undefined,
  sources: Sources,
): Promise<Stored<Lead>> => {
  const lead = await leadToRead(id, sources);
  const { ownerId } = lead;
  if (ownerId !== undefined) {
    const teamId = await sources.visibility.teamOf(ownerId);
    if (!mayChange(await sources.visibility.viewer(), { ownerId, teamId }))
      throw new Forbidden(
        `Only its owner, whoever manages the owner’s team, and admins may change lead ${id}.`,
      );
  }
  assertVersion(lead, ifMatch, `lead ${id}`);
  return lead;
};
