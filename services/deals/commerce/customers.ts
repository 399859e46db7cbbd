import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { AccountId, CustomerId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { OrderId } from '../../../shared/ids/id.ts';
import type { AccountIdentities } from '../accounts/identities.ts';
import type { Account } from '../domain/account.ts';
import {
  accountClues,
  asTold,
  type Customer,
  customerIdOf,
  type Purchase,
  purchaseOf,
  withPurchases,
} from '../domain/commerce/customer.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import type { OrderSnapshot } from '../domain/commerce/order-message.ts';
import { isSame } from '../domain/patch.ts';
import { Buyers, type BuyerMove } from './buyers.ts';
import { customerEntity, purchaseItem, purchaseKey, purchasePrefix } from './customer-entities.ts';

/** A customer as read, absent for a new one, and as it will be. */
interface Told {
  readonly before: Stored<Customer> | undefined;
  readonly after: Customer;
}

/** Who an order is of, and whose account that is. */
export interface OrderedBy {
  readonly customer: Told | undefined;
  readonly account: Account | undefined;
}

/** Who ordered, and when for the first time. */
export class Customers {
  readonly #table: Table;
  readonly #repository: Repository<Customer>;
  readonly #identities: AccountIdentities;
  readonly #buyers: Buyers;

  constructor({
    table,
    cause,
    identities,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly identities: AccountIdentities;
  }) {
    this.#table = table;
    this.#repository = new Repository(table, customerEntity, cause);
    this.#identities = identities;
    this.#buyers = new Buyers(table, cause);
  }

  /** The order's customer, as the order tells of them, and their account, looked for where none is known. */
  async of(order: OrderRecord): Promise<OrderedBy> {
    const { snapshot, storeId, platform } = order;
    if (snapshot === undefined) return { customer: undefined, account: undefined };
    // The address that an erased customer was known by is gone; the order still knows who it was.
    const id = customerIdOf(storeId, snapshot) ?? order.customerId;
    const before = id === undefined ? undefined : await this.#repository.find(id);
    const known =
      before?.accountId === undefined ? undefined : await this.#identities.survivor(before.accountId);
    const byHand = before?.matchedBy === 'hand';
    const found = known !== undefined || byHand ? undefined : await this.#accountOf(snapshot, platform);
    const account = known ?? found?.account;
    if (id === undefined) return { customer: undefined, account };
    const fresh = before ?? this.#fresh(id, order, snapshot);
    const matched: Customer =
      account === undefined || account.id === fresh.accountId
        ? fresh
        : { ...fresh, accountId: account.id, matchedBy: found?.by ?? fresh.matchedBy ?? 'hand' };
    return {
      customer: { before, after: asTold(matched, snapshot) },
      account,
    };
  }

  /** The writes that the order's change takes of its customer, and of the former one where it is another now. */
  async writes(
    { customer }: OrderedBy,
    after: OrderRecord,
    before: OrderRecord | undefined,
  ): Promise<TransactItem[]> {
    const [was, is] = [purchaseOf(before), purchaseOf(after)];
    const isMoved = was?.customerId !== is?.customerId || was?.at !== is?.at;
    const told: Told[] = customer === undefined ? [] : [customer];
    if (was !== undefined && was.customerId !== customer?.after.id) {
      const former = await this.#repository.get(was.customerId);
      told.push({ before: former, after: former });
    }
    const moves: BuyerMove[] = [];
    const writes: TransactItem[] = [];
    for (const each of told) {
      const { id } = each.after;
      const removed = isMoved && was?.customerId === id ? was : undefined;
      const added = isMoved && is?.customerId === id ? is : undefined;
      const next =
        removed === undefined && added === undefined
          ? each.after
          : withPurchases(each.after, await this.#purchases(id), { removed, added });
      if (removed !== undefined) writes.push({ remove: purchaseKey(id, removed) });
      if (added !== undefined) writes.push({ put: purchaseItem(id, added) });
      const { before: stored } = each;
      const isNews = stored === undefined || !isSame({ ...next, version: stored.version }, stored);
      if (isNews)
        writes.push(
          this.#repository.writeFor(stored === undefined ? next : { ...next, version: stored.version }),
        );
      moves.push(...buyerMoves(stored, next));
    }
    return [...writes, ...(await this.#buyers.writes(moves))];
  }

  /** The customer with another account, or none, with what follows for first purchases. @throws PreconditionFailed */
  async accountWrites(before: Stored<Customer>, after: Customer): Promise<TransactItem[]> {
    return [
      this.#repository.writeFor({ ...after, version: before.version }),
      ...(await this.#buyers.writes(buyerMoves(before, after))),
    ];
  }

  async #accountOf(
    snapshot: OrderSnapshot,
    platform: string,
  ): Promise<{ readonly account: Account; readonly by: Customer['matchedBy'] } | undefined> {
    for (const clue of accountClues(snapshot, platform)) {
      const [only, ...others] = await this.#identities.find(clue);
      // What several accounts share tells nothing, and neither does a weaker clue then.
      if (others.length > 0) return undefined;
      const account = only === undefined ? undefined : await this.#identities.survivor(only);
      if (account !== undefined) return { account, by: clue.kind };
    }
    return undefined;
  }

  /** The first two and the last two. */
  async #purchases(id: CustomerId): Promise<Purchase[]> {
    const query = { pk: customerEntity.key(id).pk, skPrefix: purchasePrefix, limit: 2 };
    const [first, last] = await Promise.all([
      this.#table.query(query),
      this.#table.query({ ...query, descending: true }),
    ]);
    const all = [...first.items, ...last.items].map(({ orderId, at }) => ({
      orderId: OrderId.parse(orderId),
      at: Instant.parse(at),
    }));
    return [...new Map(all.map((each) => [each.orderId, each])).values()];
  }

  #fresh(id: CustomerId, { storeId }: OrderRecord, snapshot: OrderSnapshot): Customer {
    const externalId = snapshot.customer?.externalId ?? snapshot.customerExternalId;
    return {
      id,
      storeId,
      ...(externalId !== undefined && { externalId }),
      ordersCount: 0,
      createdAt: this.#table.clock.now(),
    };
  }
}

/** The account that is the buyer, or the customer where there is none. */
const buyerOf = ({ id, accountId }: Customer): AccountId | CustomerId => accountId ?? id;

/** What a customer's change tells of who bought first when. */
const buyerMoves = (before: Customer | undefined, after: Customer): BuyerMove[] => {
  const source = after.id;
  const { firstOrder } = after;
  const is = buyerOf(after);
  const was = before && buyerOf(before);
  const isSameFirst = isSame(before?.firstOrder, firstOrder);
  if (was === is && isSameFirst) return [];
  const purchase = firstOrder && { source, at: firstOrder.at, orderId: firstOrder.orderId };
  return [
    ...(was === undefined || was === is ? [] : [{ buyerId: was, source, purchase: undefined }]),
    { buyerId: is, source, purchase },
  ];
};
