import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { AccountId, DealId } from '../../../shared/ids/id.ts';
import { type Instant, instantFrom } from '../../../shared/time/instant.ts';
import {
  decided,
  type DealWorld,
  looksForDeal,
  namedDeal,
  WON_WITHIN_DAYS,
} from '../domain/commerce/order-deal.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import { dealChange } from '../domain/deal-change.ts';
import { importEvent } from '../domain/imported-deal.ts';
import { type DealWrite, settledWrite, type SettlementSources } from '../settlement.ts';
import { Books } from '../store/books.ts';
import { dealsOfAccount } from '../store/entities.ts';
import { Pipelines } from '../store/pipelines.ts';

/** So many deals of an account are looked at, of either status: more, and no single one is meant. */
const MOST_CANDIDATES = 200;
const DAY = 86_400_000;

/** An order with its deal decided, and the writes that this takes of deals. */
export interface DealtOrder {
  readonly order: OrderRecord;
  /** The deal that it belongs to, as it will be. */
  readonly deal: Deal | undefined;
  readonly writes: readonly TransactItem[];
}

export interface OrderDealsDeps {
  readonly table: Table;
  readonly deals: Repository<Deal>;
  readonly sources: SettlementSources;
}

/** Finds the deals that an order may belong to, and works out what order and deals become. */
export class OrderDeals {
  readonly #deps: OrderDealsDeps;

  constructor(deps: OrderDealsDeps) {
    this.#deps = deps;
  }

  /**
   * Decides by state alone: `order` is the record as it will be, but for its deal; `former` the deal that it was linked
   * with, where a person has just linked it with another.
   */
  async decide(order: OrderRecord, former: DealId | undefined): Promise<DealtOrder> {
    const now = this.#deps.table.clock.now();
    const named = order.snapshot && namedDeal(order.snapshot);
    const ids = [former, order.deal?.id, named].filter((id) => id !== undefined);
    const deals = await this.#read(ids);
    const candidates = looksForDeal(order, deals)
      ? await this.#ofAccount(order.accountId, order.snapshot.paidAt)
      : [];
    const stored = new Map([...deals, ...candidates.map((deal) => [deal.id, deal] as const)]);
    const pipelines = await Pipelines.bookOf(this.#deps.table, stored.values());
    const world = { deals, candidates, former, pipelines, now };
    return this.#settled(order, world, stored);
  }

  async #settled(
    order: OrderRecord,
    world: DealWorld,
    stored: ReadonlyMap<DealId, Stored<Deal>>,
  ): Promise<DealtOrder> {
    const { order: next, changed } = decided(order, world);
    const settled: DealWrite[] = [];
    const { sources, table } = this.#deps;
    const books = new Books(table);
    for (const deal of changed) {
      try {
        const from = stored.get(deal.id);
        settled.push(await settledWrite(deal, { from, sources, books, now: world.now }));
      } catch (error) {
        // As for more than can be added up: the order counts by itself, and says why.
        if (!(error instanceof Unprocessable) || world.refused?.has(deal.id) === true) throw error;
        const refused = new Map([...(world.refused ?? []), [deal.id, error.detail] as const]);
        return this.#settled(order, { ...world, refused }, stored);
      }
    }
    const dealId = next.deal?.id;
    const deal =
      settled.find((each) => each.deal.id === dealId)?.deal ??
      (dealId === undefined ? undefined : stored.get(dealId));
    return {
      order: next,
      deal,
      writes: settled.flatMap((each) => this.#write(each, stored.get(each.deal.id))),
    };
  }

  #write({ deal, also }: DealWrite, before: Stored<Deal> | undefined): TransactItem[] {
    if (before === undefined) return [];
    const change = dealChange(before, deal);
    if (change.fields.length === 0) return [];
    const contract = importEvent(before, deal);
    return [
      this.#deps.deals.writeFor({ ...deal, version: before.version }, { contract, change: { change } }),
      ...also,
    ];
  }

  async #read(ids: readonly DealId[]): Promise<Map<DealId, Stored<Deal>>> {
    if (ids.length === 0) return new Map();
    const found = await this.#deps.deals.getMany(ids);
    return new Map([...found.values()].map((deal) => [deal.id, deal]));
  }

  /** Open ones, and those that were won around the payment; read from the table itself, for the index may lag. None of too many. */
  async #ofAccount(accountId: AccountId, paidAt: Instant): Promise<Stored<Deal>[]> {
    const { table } = this.#deps;
    const at = Date.parse(paidAt);
    const query = { index: 'gsi2', pk: dealsOfAccount(accountId), limit: MOST_CANDIDATES } as const;
    const pages = await Promise.all([
      table.query({ ...query, skPrefix: 'open#' }),
      table.query({
        ...query,
        skFrom: `won#${instantFrom(at - WON_WITHIN_DAYS * DAY)}`,
        skTo: `won#${instantFrom(at + WON_WITHIN_DAYS * DAY)}#\uffff`,
      }),
    ]);
    if (pages.some(({ lastKey }) => lastKey !== undefined)) return [];
    const ids = pages.flatMap(({ items }) => items.map((item) => storedFrom<Deal>(item).id));
    return [...(await this.#read(ids)).values()];
  }
}
