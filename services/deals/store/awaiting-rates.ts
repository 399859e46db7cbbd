import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { DealId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { Deal } from '../domain/deal.ts';

export const AWAITING_RATE = 'awaiting-rate';

/** All closed deals that wait for a rate, by currency and close: written together with the deal. */
const AWAITING_RATES = 'deals#awaiting-rate';

const keyOf = ({ id, amount, closedAt }: Deal): Key => ({
  pk: AWAITING_RATES,
  sk: `${amount.currency}#${closedAt ?? ''}#${id}`,
});

const waits = (deal: Deal | undefined): deal is Deal => deal?.awaitingRate === true && !deal.deleted;

/** What a change of a deal does to its mark: nothing for nearly every deal. */
export const rateMarks = (from: Deal | undefined, to: Deal): TransactItem[] => {
  const was = waits(from) ? keyOf(from) : undefined;
  const is = waits(to) ? keyOf(to) : undefined;
  if (was?.sk === is?.sk) return [];
  return [
    ...(was === undefined ? [] : [{ remove: was }]),
    ...(is === undefined ? [] : [{ put: { ...is, type: AWAITING_RATE, id: to.id } }]),
  ];
};

/** Whether the deal waits, as this mark says. */
export const isMarkOf = (deal: Deal, { sk }: Key): boolean => waits(deal) && keyOf(deal).sk === sk;

export interface AwaitingDeal {
  readonly id: DealId;
  readonly closedAt: Instant;
  readonly key: Key;
}

/** A page of the deals that wait for a rate of this currency, by their close; of every currency without one. */
export const awaitingDeals = async (
  table: Table,
  {
    currency = '',
    limit,
    after,
  }: { readonly currency?: string | undefined; readonly limit: number; readonly after?: Item | undefined },
): Promise<{ readonly deals: readonly AwaitingDeal[]; readonly after?: Item | undefined }> => {
  const skPrefix = currency === '' ? undefined : `${currency}#`;
  const { items, lastKey } = await table.query({ pk: AWAITING_RATES, skPrefix, limit, after });
  const deals = items.map(({ pk, sk, id }) => ({
    id: DealId.parse(id),
    closedAt: Instant.parse(String(sk).split('#')[1]),
    key: { pk: String(pk), sk: String(sk) },
  }));
  return { deals, ...(lastKey !== undefined && { after: lastKey }) };
};
