import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { LeadStatus } from '../../../shared/events/leads.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { leadSortKey } from './lead-entity.ts';
import { type KeyRange, mergedQuery } from './merged-query.ts';
import { type WantedPage, wantedPage } from './wanted-page.ts';

/** After everything that a sort key can go on with. */
const END = '\uffff';

export interface LeadQuery {
  readonly index: 'gsi1' | 'gsi2';
  /** Of owners, or of one source. */
  readonly partitions: readonly string[];
  readonly statuses: readonly LeadStatus[];
  /** Instants: from the first on, before the second. */
  readonly createdFrom?: string | undefined;
  readonly createdBefore?: string | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  readonly isWanted: (lead: Lead) => boolean;
}

/** Leads status by status, the latest first, from the indexes by owner and by source. */
export const leadPage = async (table: Table, query: LeadQuery): Promise<WantedPage<Lead>> => {
  const { limit, after, isWanted } = query;
  return wantedPage(leadItems(table, query), { keyOf: leadSortKey, limit, after, isWanted });
};

async function* leadItems(table: Table, query: LeadQuery): AsyncGenerator<Item> {
  const { index, partitions, limit, after } = query;
  const at = query.statuses.findIndex((status) => after?.startsWith(`${status}#`));
  for (const status of query.statuses.slice(Math.max(0, at)))
    yield* mergedQuery({
      table,
      index,
      partitions,
      range: rangeOf(status, query),
      descending: true,
      expected: limit,
    });
}

const rangeOf = (
  status: LeadStatus,
  { createdFrom = '', createdBefore = END, after }: LeadQuery,
): KeyRange => ({
  from: `${status}#${createdFrom}`,
  to: after?.startsWith(`${status}#`) === true ? after : `${status}#${createdBefore}`,
});
