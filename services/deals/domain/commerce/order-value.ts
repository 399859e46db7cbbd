import type { Attribution, FrozenRate } from '../../../../shared/events/deals.ts';
import type { MemberId, TerritoryId } from '../../../../shared/ids/id.ts';
import { convert, InvalidAmount } from '../../../../shared/money/arithmetic.ts';
import type { Money } from '../../../../shared/money/money.ts';
import type { Day } from '../../../../shared/time/instant.ts';
import { type AttributedAccount, attributionOn, type DirectoryReader } from '../attribution.ts';
import { MAX_AMOUNT } from '../valuation.ts';
import { isCreditNote, type OrderRecord, type Valuation } from './order.ts';

/** Undefined for what is worth more than can be added up exactly. */
const inReporting = (money: Money, { rate, currency }: FrozenRate): Money | undefined => {
  try {
    const { amount } = convert(money, rate, currency);
    return amount > MAX_AMOUNT ? undefined : { amount, currency };
  } catch (error) {
    if (error instanceof InvalidAmount) return undefined;
    throw error;
  }
};

/**
 * What a paid order and its refunds are worth in the reporting currency; every refund at the order's own rate. Undefined
 * before the payment, and for more than can be added up: the order then counts, in no money. Refunds take
 * away no more than the order brought in, the earliest first: what is beyond is worth nothing. A credit note has no sale
 * that bounds it.
 */
export const valuationOf = (order: OrderRecord, frozenRate: FrozenRate): Valuation | undefined => {
  const { snapshot } = order;
  if (snapshot?.paidAt === undefined) return undefined;
  const net = inReporting(snapshot.net, frozenRate);
  if (net === undefined) return undefined;
  let left = isCreditNote(order) ? Number.POSITIVE_INFINITY : net.amount;
  const refunds: [string, Money][] = [];
  for (const refund of order.refunds.toSorted((a, b) =>
    `${a.at}${a.externalId}` < `${b.at}${b.externalId}` ? -1 : 1,
  )) {
    const worth = inReporting(refund.net, frozenRate)?.amount ?? left;
    if (!Number.isFinite(worth)) return undefined;
    const amount = Math.min(left, worth);
    left -= amount;
    refunds.push([refund.externalId, { amount, currency: net.currency }]);
  }
  return { frozenRate, net, refunds: Object.fromEntries(refunds) };
};

/**
 * Whom an order counts for that belongs to no deal: its account's owner and territory, and where the account has none, the
 * store's; with the team of that day.
 */
export const ownAttribution = async ({
  store,
  account,
  day,
  directory,
}: {
  readonly store: StoreCredit;
  readonly account: (AttributedAccount & { readonly ownerId?: MemberId | undefined }) | undefined;
  readonly day: Day;
  readonly directory: DirectoryReader;
}): Promise<Attribution> => {
  const ownerId = account?.ownerId ?? store.ownerId;
  // Of an account with an owner, the store's territory says nothing.
  const territoryId =
    account?.territoryId ?? (account?.ownerId === undefined ? store.territoryId : undefined);
  if (ownerId !== undefined)
    return attributionOn({ ownerId, splits: [], territoryId }, { day, account, directory });
  return {
    credits: [],
    territoryPath: territoryId === undefined ? [] : await directory.territoryPath(territoryId),
    ...(account && { accountId: account.id }),
    ...(account?.industry !== undefined && { industry: account.industry }),
    ...(account?.segment !== undefined && { segment: account.segment }),
  };
};

/** Whom a store's orders count for, by its settings. */
export interface StoreCredit {
  readonly ownerId?: MemberId | undefined;
  readonly territoryId?: TerritoryId | undefined;
}
