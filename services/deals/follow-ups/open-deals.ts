import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { DealId, MemberId } from '../../../shared/ids/id.ts';
import type { Deal } from '../domain/deal.ts';
import { dealsOfOwner } from '../store/entities.ts';

const PAGE = 25;

export interface OpenDealsPage {
  readonly ids: readonly DealId[];
  /** Where the next page begins; absent on the last one. */
  readonly after?: Item | undefined;
}

/** A page of someone's open deals by the index, which is a moment behind: read each deal itself before changing it. */
export const openDealsOf = async (
  table: Table,
  ownerId: MemberId,
  after: Item | undefined,
): Promise<OpenDealsPage> => {
  const { items, lastKey } = await table.query({
    index: 'gsi1',
    pk: dealsOfOwner(ownerId),
    skPrefix: 'open#',
    limit: PAGE,
    after,
  });
  return { ids: items.map((item) => storedFrom<Deal>(item).id), after: lastKey };
};
