import { nameKey } from '../../../shared/directory/name-key.ts';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import type { Key } from '../../../shared/dynamodb/item.ts';
import { Lead, leadState } from '../domain/leads/lead.ts';

/** Of leads that are nobody's. */
export const UNASSIGNED = 'unassigned';
export const leadsOfOwner = (ownerId: string = UNASSIGNED): string => `lead#owner#${ownerId}`;
export const leadsOfSource = (source: string): string => `lead#source#${nameKey(source)}`;

/** `<status>#<created at>#<id>`. */
export const leadSortKey = ({ status, createdAt, id }: Lead): string => `${status}#${createdAt}#${id}`;

export const leadEntity = defineEntity<Lead>({
  type: 'lead',
  schema: Lead,
  key: (id) => ({ pk: `lead#${id}`, sk: 'state' }),
  indexes: (lead) => {
    if (lead.deleted) return {};
    const sk = leadSortKey(lead);
    return {
      gsi1pk: leadsOfOwner(lead.ownerId),
      gsi1sk: sk,
      ...(lead.source !== undefined && { gsi2pk: leadsOfSource(lead.source), gsi2sk: sk }),
    };
  },
  project: leadState,
});

/** How many open leads a member has; kept with each lead that comes, goes or changes hands. */
export const LEAD_LOAD = 'lead-load';
export const leadLoadKey = (memberId: string): Key => ({ pk: `lead#load#${memberId}`, sk: 'open' });

/** Which open leads are known by the same thing. */
export const LEAD_IDENTITY = 'lead-identity';
