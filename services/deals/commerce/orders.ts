import { setTimeout as pause } from 'node:timers/promises';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed, TransactionConflict } from '../../../shared/dynamodb/write-errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { OrderAdjusted, OrderRecorded } from '../../../shared/events/deals.ts';
import { derivedId, OrderId, type ProductId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { AccountIdentities } from '../accounts/identities.ts';
import type { Account } from '../domain/account.ts';
import {
  applyMessage,
  dealOf,
  type OrderDeal,
  type OrderRecord,
  orderState,
} from '../domain/commerce/order.ts';
import type { OrderMessage } from '../domain/commerce/order-message.ts';
import { ownAttribution, valuationOf } from '../domain/commerce/order-value.ts';
import { frozenFor } from '../domain/fx.ts';
import { isSame } from '../domain/patch.ts';
import { type Product, productIdOf } from '../domain/product.ts';
import { dealEntity, productEntity } from '../store/entities.ts';
import { withoutRepeats } from '../store/books.ts';
import { FxRateStore } from '../store/fx-rate-store.ts';
import { Customers } from './customers.ts';
import { orderEntity, type StoreRecord } from './entities.ts';
import { OrderDeals } from './order-deals.ts';
import { orderWrite } from './order-write.ts';
import { placeWrites } from './order-places.ts';

/** Another delivery of the same order, or another order of the same customer, may be in work elsewhere. */
const ATTEMPTS = 10;
const PAUSE_MILLISECONDS = 20;

const orderIdOf = (message: Exclude<OrderMessage, { kind: 'irrelevant' | 'fetch' }>): string =>
  message.kind === 'snapshot' ? message.snapshot.externalId : message.orderExternalId;

/** Without a snapshot there is no order to tell of yet, and a repeated one is no news. */
const newsOf = (before: OrderRecord | undefined, after: OrderRecord) => {
  const [told, telling] = [before && orderState(before), orderState(after)];
  if (telling === undefined || isSame(told, telling)) return [];
  return told === undefined ? OrderRecorded : OrderAdjusted;
};

type Deciding = (order: OrderRecord) => OrderRecord;

export interface OrdersOptions {
  readonly table: Table;
  readonly directory: Directory;
  readonly cause: Cause;
}

/**
 * Puts orders together from what deliveries say, whatever their order and however often they come. An order is written in
 * one transaction with all that follows from it: its deal, its customer, the lists that it is in.
 */
export class Orders {
  readonly #table: Table;
  readonly #directory: Directory;
  readonly #orders: Repository<OrderRecord>;
  readonly #products: Repository<Product>;
  readonly #rates: FxRateStore;
  readonly #customers: Customers;
  readonly #deals: OrderDeals;

  constructor({ table, directory, cause }: OrdersOptions) {
    const identities = new AccountIdentities(table);
    this.#table = table;
    this.#directory = directory;
    this.#orders = new Repository(table, orderEntity, cause);
    this.#products = new Repository(table, productEntity, cause);
    this.#rates = new FxRateStore(table);
    this.#customers = new Customers({ table, cause, identities });
    this.#deals = new OrderDeals({
      table,
      deals: new Repository(table, dealEntity, cause),
      sources: {
        organization: async () => directory.organization(),
        directory,
        account: async (id) => identities.survivor(id),
        rate: async (question) => this.#rates.rate(question),
      },
    });
  }

  /** Takes a message in; answers whether it changed anything. @throws ConditionFailed if others always came first */
  async apply(store: StoreRecord, message: OrderMessage, triggeredAt: Instant): Promise<boolean> {
    if (message.kind === 'irrelevant' || message.kind === 'fetch') return false;
    const externalId = orderIdOf(message);
    const id = derivedId(OrderId, store.id, externalId);
    return this.#change(id, store, (found) => {
      const before: OrderRecord = found ?? {
        id,
        storeId: store.id,
        platform: store.platform,
        externalId,
        refunds: [],
        deleted: false,
        productIds: {},
      };
      const applied = applyMessage(before, message, triggeredAt);
      return applied === before ? undefined : applied;
    });
  }

  /** Works out anew what follows from what is known: its deal, its customer's account, a rate that it waited for. */
  async reconsider(store: StoreRecord, id: OrderId): Promise<boolean> {
    return this.#change(id, store, (found) => found);
  }

  /**
   * Says by hand which deal the order belongs to, or that it belongs to none.
   * @throws ConditionFailed if others always came first
   */
  async link(store: StoreRecord, id: OrderId, dealId: OrderDeal['id']): Promise<boolean> {
    const deal: OrderDeal = { by: 'hand', state: 'waiting', ...(dealId !== undefined && { id: dealId }) };
    // The former link is still to be seen by the rule, which takes the order out of that deal.
    return this.#change(
      id,
      store,
      (found) => found,
      (order) => (order.deal?.by === 'hand' && order.deal.id === dealId ? order : { ...order, deal }),
    );
  }

  async #change(
    id: OrderId,
    store: StoreRecord,
    change: (found: Stored<OrderRecord> | undefined) => OrderRecord | undefined,
    deciding: Deciding = (order) => order,
  ): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#orders.find(id);
      const changed = change(found);
      if (changed === undefined) return false;
      try {
        return await this.#write(found, changed, store, deciding);
      } catch (error) {
        const lostTheRace = error instanceof ConditionFailed || error instanceof TransactionConflict;
        if (!lostTheRace || attempt === ATTEMPTS) throw error;
        await pause(Math.random() * PAUSE_MILLISECONDS * attempt);
      }
    }
  }

  async #write(
    found: Stored<OrderRecord> | undefined,
    changed: OrderRecord,
    store: StoreRecord,
    deciding: Deciding,
  ): Promise<boolean> {
    const by = await this.#customers.of(changed);
    const valued = await this.#valued(withoutErased(changed, by.customer?.after.erasedAt), store, by.account);
    const known = withCustomer(valued, by.customer?.after.id, by.account?.id);
    const { order: dealt, deal, writes: ofDeals } = await this.#deals.decide(deciding(known), known.deal?.id);
    const whole: OrderRecord = { ...withAttribution(dealt, deal?.attribution), placed: true };
    const { order: next, also } = await orderWrite(found, whole, {
      table: this.#table,
      directory: this.#directory,
    });
    const ofCustomers = await this.#customers.writes(by, next, found);
    const news = newsOf(found, next);
    const isChanged = found === undefined || !isSame(found, { ...next, version: found.version });
    if (!isChanged && ofDeals.length === 0 && ofCustomers.length === 0) return false;
    await this.#table.transact([
      this.#orders.writeFor(found === undefined ? next : { ...next, version: found.version }, news),
      ...placeWrites(next, found),
      ...ofCustomers,
      ...withoutRepeats([...ofDeals, ...also]),
    ]);
    return true;
  }

  /** Its own attribution and the rate are frozen by the first payment that can be valued; the products follow the lines. */
  async #valued(
    { valuation: frozen, ...order }: OrderRecord,
    store: StoreRecord,
    account: Account | undefined,
  ): Promise<OrderRecord> {
    const { snapshot } = order;
    if (snapshot === undefined) return order;
    const directory = this.#directory;
    const { timeZone, reportingCurrency: reporting } = await directory.organization();
    const day = dayOf(snapshot.paidAt ?? snapshot.placedAt, timeZone);
    const { currency } = snapshot;
    const found =
      frozen === undefined && snapshot.paidAt !== undefined
        ? await this.#rates.rate({ currency, reporting, day })
        : undefined;
    const rate = frozen?.frozenRate ?? (found && frozenFor(found, day));
    const valuation = rate && valuationOf(order, rate);
    // One of an earlier version has no deal, and but one attribution.
    const kept = frozen && (order.ownAttribution ?? order.attribution);
    return {
      ...order,
      productIds: await this.#productIdsOf(order),
      ownAttribution: kept ?? (await ownAttribution({ store, account, day, directory })),
      ...(valuation !== undefined && { valuation }),
    };
  }

  /** The catalogue's ids of the lines' SKUs; those it does not know are left out. */
  async #productIdsOf(order: OrderRecord): Promise<Record<string, ProductId>> {
    const skus = [...new Set(order.snapshot?.lines.flatMap((line) => line.sku ?? []))];
    const known = await this.#products.getMany(skus.map(productIdOf));
    return Object.fromEntries(
      skus.flatMap((sku) => {
        const id = productIdOf(sku);
        return known.has(id) ? [[sku, id] as const] : [];
      }),
    );
  }
}

/** An erased customer's orders take in no more of who it was than the id. */
const withoutErased = (order: OrderRecord, erasedAt: Instant | undefined): OrderRecord => {
  const { snapshot } = order;
  if (erasedAt === undefined || snapshot?.customer === undefined) return order;
  const { customer, ...rest } = snapshot;
  const { externalId } = customer;
  return { ...order, snapshot: { ...rest, ...(externalId !== undefined && { customer: { externalId } }) } };
};

const withCustomer = (
  { customerId: _customer, accountId: _account, ...order }: OrderRecord,
  customerId: OrderRecord['customerId'],
  accountId: OrderRecord['accountId'],
): OrderRecord => ({
  ...order,
  ...(customerId !== undefined && { customerId }),
  ...(accountId !== undefined && { accountId }),
});

const withAttribution = (
  { attribution: _former, ...order }: OrderRecord,
  ofDeal: OrderRecord['attribution'],
): OrderRecord => {
  const attribution = dealOf(order) === undefined ? order.ownAttribution : ofDeal;
  return { ...order, ...(attribution !== undefined && { attribution }) };
};
