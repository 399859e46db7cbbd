import type { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { LeadUpdated } from '../../../shared/events/leads.ts';
import type { LeadId, MemberId } from '../../../shared/ids/id.ts';
import type { JobRun } from '../../../shared/jobs/handler.ts';
import { isOpen, type Lead } from '../domain/leads/lead.ts';
import { sellingDeps } from '../selling-deps.ts';
import { leadsOfOwner } from '../store/lead-entity.ts';

const PAGE = 25;
/** Of the statuses, the open ones come last: new, qualified, working. */
const FIRST_OPEN = 'new#';

export interface OpenLeadsPage {
  readonly ids: readonly LeadId[];
  /** Where the next page begins; absent on the last one. */
  readonly after?: Item | undefined;
}

/** A page of someone's open leads by the index, which is a moment behind: read each lead itself before changing it. */
export const openLeadsPage = async (
  table: Table,
  ownerId: MemberId,
  after: Item | undefined,
): Promise<OpenLeadsPage> => {
  const { items, lastKey } = await table.query({
    index: 'gsi1',
    pk: leadsOfOwner(ownerId),
    skFrom: FIRST_OPEN,
    limit: PAGE,
    after,
  });
  return { ids: items.map((item) => storedFrom<Lead>(item).id), after: lastKey };
};

/** Gives open leads of `from` to `to`; answers whether it did. Closed ones stay with who closed them. */
export const leadGiver = (
  { table, directory }: { readonly table: Table; readonly directory: Directory },
  { cause, clock }: JobRun,
) => {
  const { leads } = sellingDeps({ table, directory, cause, clock, actor: { kind: 'open' } });
  return async (
    id: LeadId,
    { from, to }: { readonly from: MemberId; readonly to: MemberId },
  ): Promise<boolean> =>
    untilSaved(async () => {
      const lead = await leads.repository.get(id);
      if (!isOpen(lead) || lead.ownerId !== from) return false;
      const routedBy = { by: 'handOver', reason: `Its former owner ${from} left.` } as const;
      const given = { ...lead, ownerId: to, routedBy, updatedAt: clock.now() };
      await leads.save(given, { from: lead, event: LeadUpdated });
      return true;
    });
};
