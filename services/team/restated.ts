import * as z from 'zod';
import { keyById, type RestatedService } from '../../shared/events/restated.ts';
import {
  MemberUpdated,
  OrganizationUpdated,
  TeamChanged,
  TeamImportAdvanced,
  TerritoryChanged,
} from '../../shared/events/team.ts';
import { MemberId, TeamId, TerritoryId } from '../../shared/ids/id.ts';
import { restatedImports } from '../../shared/imports/restated.ts';
import { teamEvents } from './events.ts';
import {
  memberEntity,
  ORGANIZATION,
  organizationEntity,
  teamEntity,
  territoryEntity,
} from './store/entities.ts';

const EmailItem = z.object({ memberId: MemberId });

/**
 * No event says that a member, team or territory never was: those made since a backup stay, as every other service knows
 * them. Remove a member by its departure.
 */
export const restated: RestatedService = {
  service: 'team',
  events: teamEvents,
  kinds: [
    {
      type: organizationEntity.type,
      keyOf: (subject) => (subject === ORGANIZATION ? organizationEntity.key(subject) : undefined),
      tells: () => OrganizationUpdated,
    },
    { type: memberEntity.type, keyOf: keyById(MemberId, memberEntity), tells: () => MemberUpdated },
    { type: teamEntity.type, keyOf: keyById(TeamId, teamEntity), tells: () => TeamChanged },
    {
      type: territoryEntity.type,
      keyOf: keyById(TerritoryId, territoryEntity),
      tells: () => TerritoryChanged,
    },
    {
      // The reservation of an address goes back with its member, and stays with one who was made since.
      type: 'email',
      madeSince: () => undefined,
      belongsTo: (item) => memberEntity.key(EmailItem.parse(item).memberId),
    },
    ...restatedImports(TeamImportAdvanced),
  ],
};
