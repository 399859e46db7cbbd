import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import { OrderAdjusted, OrderRecorded } from '../../../shared/events/deals.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import { derivedId, OrderId, type ProductId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { applyMessage, type OrderRecord, orderState } from '../domain/commerce/order.ts';
import type { OrderMessage } from '../domain/commerce/order-message.ts';
import { type StoreCredit, storeAttribution, valuationOf } from '../domain/commerce/order-value.ts';
import type { DirectoryReader } from '../domain/attribution.ts';
import { isSame } from '../domain/patch.ts';
import { type Product, productIdOf } from '../domain/product.ts';
import type { FxRateStore } from '../store/fx-rate-store.ts';
import type { StoreRecord } from './entities.ts';

/** What the rest of the service knows that an order needs. */
export interface OrderSurroundings {
  readonly directory: DirectoryReader & { organization(): Promise<OrganizationState> };
  readonly products: Pick<Repository<Product>, 'getMany'>;
  readonly rates: FxRateStore;
}

/** Another delivery of the same order may be in work elsewhere. */
const ATTEMPTS = 8;

const orderIdOf = (message: Exclude<OrderMessage, { kind: 'irrelevant' | 'fetch' }>): string =>
  message.kind === 'snapshot' ? message.snapshot.externalId : message.orderExternalId;

const without = <T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = value;
  return rest;
};

/** The catalogue's ids of the lines' SKUs; those it does not know are left out. */
const productIdsOf = async (
  order: OrderRecord,
  products: OrderSurroundings['products'],
): Promise<Record<string, ProductId>> => {
  const skus = [...new Set(order.snapshot?.lines.flatMap((line) => line.sku ?? []))];
  const known = await products.getMany(skus.map(productIdOf));
  return Object.fromEntries(
    skus.flatMap((sku) => {
      const id = productIdOf(sku);
      return known.has(id) ? [[sku, id] as const] : [];
    }),
  );
};

/** Attribution and rate are frozen by the first payment that can be valued; the products follow the lines. */
const complete = async (
  order: OrderRecord,
  store: StoreCredit,
  { directory, products, rates }: OrderSurroundings,
): Promise<OrderRecord> => {
  const { snapshot, valuation: frozen } = order;
  if (snapshot === undefined) return order;
  const { timeZone, reportingCurrency: reporting } = await directory.organization();
  const day = dayOf(snapshot.paidAt ?? snapshot.placedAt, timeZone);
  const { currency } = snapshot;
  const rate =
    frozen?.frozenRate ??
    (snapshot.paidAt === undefined ? undefined : await rates.rate({ currency, reporting, day }));
  const valuation = rate && valuationOf(order, rate);
  return {
    ...without(order, 'valuation'),
    productIds: await productIdsOf(order, products),
    attribution: (frozen && order.attribution) ?? (await storeAttribution(store, day, directory)),
    ...(valuation !== undefined && { valuation }),
  };
};

/** Without a snapshot there is no order to tell of yet, and a repeated one is no news. */
const newsOf = (before: OrderRecord | undefined, after: OrderRecord) => {
  const [told, telling] = [before && orderState(before), orderState(after)];
  if (telling === undefined || isSame(told, telling)) return [];
  return told === undefined ? OrderRecorded : OrderAdjusted;
};

/** Puts orders together from what deliveries say, whatever their order and however often they come. */
export class Orders {
  readonly #repository: Repository<OrderRecord>;
  readonly #surroundings: OrderSurroundings;

  constructor(repository: Repository<OrderRecord>, surroundings: OrderSurroundings) {
    this.#repository = repository;
    this.#surroundings = surroundings;
  }

  /** Takes a message in; answers whether it changed anything. Throws PreconditionFailed if others always came first. */
  async apply(store: StoreRecord, message: OrderMessage, triggeredAt: Instant): Promise<boolean> {
    if (message.kind === 'irrelevant' || message.kind === 'fetch') return false;
    const externalId = orderIdOf(message);
    const id = derivedId(OrderId, store.id, externalId);
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#repository.find(id);
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
      if (applied === before) return false;
      const next = await complete(applied, store, this.#surroundings);
      try {
        await this.#write(found, next);
        return true;
      } catch (error) {
        const lostTheRace = error instanceof PreconditionFailed || error instanceof AlreadyExists;
        if (!lostTheRace || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Values an order that waited for a rate. */
  async revalue(store: StoreRecord, id: OrderId): Promise<void> {
    const order = await this.#repository.get(id);
    if (order.valuation !== undefined) return;
    const next = await complete(order, store, this.#surroundings);
    if (next.valuation !== undefined) await this.#write(order, next);
  }

  async #write(found: Stored<OrderRecord> | undefined, next: OrderRecord): Promise<void> {
    if (found === undefined) await this.#repository.create(next, newsOf(undefined, next));
    else await this.#repository.save({ ...next, version: found.version }, newsOf(found, next));
  }
}
