import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { CustomerFirstPurchased } from '../../../shared/events/customers.ts';
import {
  type Buyer,
  type BuyerId,
  type FirstPurchase,
  firstOf,
  isShort,
  MOST_PURCHASES,
  newBuyer,
  withSource,
} from '../domain/commerce/buyer.ts';
import type { Customer } from '../domain/commerce/customer.ts';
import type { Deal } from '../domain/deal.ts';
import { isSame } from '../domain/patch.ts';
import { dealsOfAccount } from '../store/entities.ts';
import { buyerEntity, customersOfAccount } from './customer-entities.ts';

/** What has become known of one way in which someone bought. */
export interface BuyerMove {
  readonly buyerId: BuyerId;
  readonly source: FirstPurchase['source'];
  /** Absent: nothing was bought this way, or not by this buyer. */
  readonly purchase: FirstPurchase | undefined;
}

/** So many customers of an account are looked through when its first purchases are to be read anew. */
const MOST_CUSTOMERS = 1_000;

/** Keeps when each buyer bought first, and tells when that changes. */
export class Buyers {
  readonly #table: Table;
  readonly #repository: Repository<Buyer>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#repository = new Repository(table, buyerEntity, cause);
  }

  /** The writes that keep the buyers level with these moves; none for what is known. */
  async writes(moves: readonly BuyerMove[]): Promise<TransactItem[]> {
    const writes: TransactItem[] = [];
    for (const [buyerId, ofBuyer] of Map.groupBy(moves, (move) => move.buyerId)) {
      const stored = await this.#repository.find(buyerId);
      const before: Buyer = stored ?? newBuyer(buyerId);
      const moved = ofBuyer.reduce(
        (buyer, { source, purchase }) => withSource(buyer, source, purchase),
        before,
      );
      if (moved === before) continue;
      const after = isShort(moved) ? await this.#readAnew(moved, ofBuyer) : moved;
      const isNews = !isSame(firstOf(before), firstOf(after));
      writes.push(this.#repository.writeFor(after, isNews ? CustomerFirstPurchased : []));
    }
    return writes;
  }

  /** From all that the indexes know, with what the moves know better. */
  async #readAnew(buyer: Buyer, moves: readonly BuyerMove[]): Promise<Buyer> {
    const { id } = buyer;
    const [deals, customers] = await Promise.all([
      this.#table.query({
        index: 'gsi2',
        pk: dealsOfAccount(id),
        skPrefix: 'won#',
        limit: MOST_PURCHASES + moves.length,
      }),
      this.#table.query({ index: 'gsi2', pk: customersOfAccount(id), limit: MOST_CUSTOMERS }),
    ]);
    const purchases = [
      ...deals.items.map((item) => storedFrom<Deal>(item)).flatMap((deal) => wonPurchase(deal) ?? []),
      ...customers.items
        .map((item) => storedFrom<Customer>(item))
        .flatMap(({ id: source, firstOrder }): FirstPurchase[] =>
          firstOrder === undefined ? [] : [{ source, at: firstOrder.at, orderId: firstOrder.orderId }],
        ),
    ];
    const anew = [...purchases.map((purchase) => ({ source: purchase.source, purchase })), ...moves].reduce(
      (next: Buyer, { source, purchase }) => withSource(next, source, purchase),
      { ...buyer, purchases: [], more: false },
    );
    const isMore = anew.more || deals.lastKey !== undefined || customers.lastKey !== undefined;
    // With nothing at all left, there are no later ones either: saying so would have them read for ever.
    return { ...anew, more: isMore && anew.purchases.length > 0 };
  }
}

/** A won deal as a purchase of its account. */
export const wonPurchase = (deal: Deal): FirstPurchase | undefined =>
  deal.status === 'won' && !deal.deleted && deal.closedAt !== undefined
    ? { source: deal.id, at: deal.closedAt, dealId: deal.id }
    : undefined;
