import { setTimeout as pause } from 'node:timers/promises';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed, TransactionConflict } from '../../../shared/dynamodb/write-errors.ts';
import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { DealId } from '../../../shared/ids/id.ts';
import { type Buyer, BuyerId, newBuyer, withSource } from '../domain/commerce/buyer.ts';
import type { Deal } from '../domain/deal.ts';
import { dealEntity } from '../store/entities.ts';
import { type BuyerMove, Buyers, wonPurchase } from './buyers.ts';
import { buyerEntity, dealBuyerItem, dealBuyerKey } from './customer-entities.ts';

const ATTEMPTS = 10;
const PAUSE_MILLISECONDS = 20;

/** Keeps the first purchases of accounts level with their won deals. */
export class DealBuyers {
  readonly #table: Table;
  readonly #deals: Repository<Deal>;
  readonly #buyers: Repository<Buyer>;
  readonly #moves: Buyers;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#deals = new Repository(table, dealEntity, cause);
    this.#buyers = new Repository(table, buyerEntity, cause);
    this.#moves = new Buyers(table, cause);
  }

  /** Those of the deals that change when someone bought first; most don’t, and three reads tell so for all of them. */
  async news(ids: readonly DealId[]): Promise<DealId[]> {
    if (ids.length === 0) return [];
    const [deals, items] = await Promise.all([
      this.#deals.getMany(ids),
      this.#table.batchGet(ids.map(dealBuyerKey)),
    ]);
    const known = new Map(items.map((item) => [item.pk, item]));
    const moves = ids.map((id) => movesOf(deals.get(id), known.get(dealBuyerKey(id).pk)));
    const buyers = await this.#buyers.getMany(moves.flat().map(({ buyerId }) => buyerId));
    return ids.filter((_, index) =>
      (moves[index] ?? []).some(({ buyerId, source, purchase }) => {
        const buyer = buyers.get(buyerId) ?? newBuyer(buyerId);
        return withSource(buyer, source, purchase) !== buyer;
      }),
    );
  }

  /** Looks at the deal as it is now. @throws ConditionFailed if others always came first */
  async settle(id: DealId): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const [deal, item] = await Promise.all([this.#deals.find(id), this.#table.get(dealBuyerKey(id))]);
      if (deal === undefined) return;
      const writes = await this.#moves.writes(movesOf(deal, item));
      const { buyerId } = purchaseOf(deal);
      try {
        await this.#table.transact([
          ...writes,
          ...(buyerId === undefined ? [] : [{ put: dealBuyerItem(id, buyerId) }]),
          // Whoever changed it meanwhile tells of it, and it is looked at again.
          { check: dealEntity.key(id), condition: equals({ version: deal.version }) },
        ]);
        return;
      } catch (error) {
        const lostTheRace = error instanceof ConditionFailed || error instanceof TransactionConflict;
        if (!lostTheRace || attempt === ATTEMPTS) throw error;
        await pause(Math.random() * PAUSE_MILLISECONDS * attempt);
      }
    }
  }
}

/** What the deal is as a purchase, and whose. */
const purchaseOf = (deal: Deal) => {
  const purchase = deal.source === CANARY_SOURCE ? undefined : wonPurchase(deal);
  return { purchase, buyerId: purchase === undefined ? undefined : deal.accountId };
};

const movesOf = (deal: Stored<Deal> | undefined, known: Item | undefined): BuyerMove[] => {
  if (deal === undefined) return [];
  const { purchase, buyerId } = purchaseOf(deal);
  const former = known === undefined ? undefined : BuyerId.parse(known.buyerId);
  return [
    ...(former === undefined || former === buyerId
      ? []
      : [{ buyerId: former, source: deal.id, purchase: undefined }]),
    ...(buyerId === undefined ? [] : [{ buyerId, source: deal.id, purchase }]),
  ];
};
