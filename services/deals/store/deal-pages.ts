import * as z from 'zod';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { IndexName, Table } from '../../../shared/dynamodb/table.ts';
import type { AccountId, MemberId } from '../../../shared/ids/id.ts';
import type { Deal } from '../domain/deal.ts';
import { dealsOfAccount, dealsOfOwner } from './entities.ts';

/** So many partitions are read for one page, and about so many deals. */
const PARTITIONS = 50;
const DEALS = 100;

/** Where deals are found: those of an owner, or of an account. */
export interface DealPartition {
  readonly index: IndexName;
  readonly pk: string;
}

/** In the order in which they are read, whoever joins or leaves between two pages. */
export const partitionsOfOwners = (ownerIds: readonly MemberId[]): readonly DealPartition[] =>
  ownerIds
    .map((id) => ({ index: 'gsi1' as const, pk: dealsOfOwner(id) }))
    .toSorted((a, b) => (a.pk < b.pk ? -1 : 1));

export const partitionOfAccount = (id: AccountId): DealPartition => ({
  index: 'gsi2',
  pk: dealsOfAccount(id),
});

/** Where the next page begins: in which partition, and behind which of its deals. */
export const DealPosition = z.object({
  at: z.string().optional(),
  after: z.record(z.string(), z.unknown()).optional(),
});
export type DealPosition = z.infer<typeof DealPosition>;

export interface DealPage {
  readonly deals: readonly Stored<Deal>[];
  /** Absent on the last page. */
  readonly next?: DealPosition;
}

/** A page of the deals of one status in these partitions, by the index, which is a moment behind: read each itself before changing it. */
export const dealPage = async (
  table: Table,
  partitions: readonly DealPartition[],
  { status, position }: { readonly status: Deal['status']; readonly position: DealPosition },
): Promise<DealPage> => {
  const deals: Stored<Deal>[] = [];
  const left = partitions.filter(({ pk }) => position.at === undefined || pk >= position.at);
  for (const [read, { index, pk }] of left.entries()) {
    if (read >= PARTITIONS || deals.length >= DEALS) return { deals, next: { at: pk } };
    const { items, lastKey } = await table.query({
      index,
      pk,
      skPrefix: `${status}#`,
      limit: DEALS - deals.length,
      after: pk === position.at ? position.after : undefined,
    });
    deals.push(...items.map((item) => storedFrom<Deal>(item)));
    if (lastKey !== undefined) return { deals, next: { at: pk, after: lastKey } };
  }
  return { deals };
};
