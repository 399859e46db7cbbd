import * as z from 'zod';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { MemberState, OrganizationState, TeamState, TerritoryState } from '../../../shared/events/team.ts';

/** There is one; its id is the subject of its events. */
export const ORGANIZATION = 'organization';
export const Organization = OrganizationState.extend({ id: z.literal(ORGANIZATION) });
export type Organization = z.infer<typeof Organization>;

export const organizationEntity = defineEntity<Organization>({
  type: 'organization',
  schema: Organization,
  key: () => ({ pk: 'organization', sk: 'state' }),
});

/** All of a kind are found under one index key, by name. */
const listed = (list: string) => (entity: { readonly name: string }) => ({
  gsi1pk: list,
  gsi1sk: nameKey(entity.name),
});

export const MEMBERS = 'members';
export const memberEntity = defineEntity<MemberState>({
  type: 'member',
  schema: MemberState,
  key: (id) => ({ pk: `member#${id}`, sk: 'state' }),
  indexes: listed(MEMBERS),
});

export const TEAMS = 'teams';
export const teamEntity = defineEntity<TeamState>({
  type: 'team',
  schema: TeamState,
  key: (id) => ({ pk: `team#${id}`, sk: 'state' }),
  indexes: listed(TEAMS),
});

export const TERRITORIES = 'territories';
export const territoryEntity = defineEntity<TerritoryState>({
  type: 'territory',
  schema: TerritoryState,
  key: (id) => ({ pk: `territory#${id}`, sk: 'state' }),
  indexes: listed(TERRITORIES),
});
