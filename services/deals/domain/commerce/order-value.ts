import type { Attribution, FrozenRate } from '../../../../shared/events/deals.ts';
import type { MemberId, TerritoryId } from '../../../../shared/ids/id.ts';
import { convert } from '../../../../shared/money/arithmetic.ts';
import type { Money } from '../../../../shared/money/money.ts';
import type { Day } from '../../../../shared/time/instant.ts';
import { attributionOn, type DirectoryReader } from '../attribution.ts';
import type { OrderRecord, Valuation } from './order.ts';

const inReporting = (money: Money, { rate, currency }: FrozenRate): Money => {
  const { amount } = convert(money, rate, currency);
  return { amount, currency };
};

/** What a paid order and its refunds are worth in the reporting currency; every refund at the order's own rate. */
export const valuationOf = (order: OrderRecord, frozenRate: FrozenRate): Valuation | undefined =>
  order.snapshot?.paidAt === undefined
    ? undefined
    : {
        frozenRate,
        net: inReporting(order.snapshot.net, frozenRate),
        refunds: Object.fromEntries(
          order.refunds.map((refund) => [refund.externalId, inReporting(refund.net, frozenRate)]),
        ),
      };

/** Whom a store's order counts for: its owner with the team of that day, and the store's or else the owner's territory. */
export const storeAttribution = async (
  { ownerId, territoryId }: StoreCredit,
  day: Day,
  directory: DirectoryReader,
): Promise<Attribution> => {
  if (ownerId !== undefined) {
    return attributionOn({ ownerId, splits: [], territoryId }, { day, account: undefined, directory });
  }
  return {
    credits: [],
    territoryPath: territoryId === undefined ? [] : await directory.territoryPath(territoryId),
  };
};

/** Whom a store's orders count for, by its settings. */
export interface StoreCredit {
  readonly ownerId?: MemberId | undefined;
  readonly territoryId?: TerritoryId | undefined;
}
