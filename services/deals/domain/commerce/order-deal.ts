import { Unprocessable } from '../../../../shared/errors/errors.ts';
import type { AccountId, DealId } from '../../../../shared/ids/id.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { CANARY_SOURCE } from '../../../../shared/canary/source.ts';
import { type Deal, dealIdOfExternal } from '../deal.ts';
import { isWonBy, withOrder, withoutOrder } from './deal-with-order.ts';
import { dealOf, type OrderDeal, type OrderRecord } from './order.ts';
import type { PipelineBook } from '../pipeline-book.ts';
import type { OrderSnapshot } from './order-message.ts';
import { isCounting, isSold } from './order-life.ts';

/*
 * The rule by which orders belong to deals, stated in services/deals/README.md ("Which deal an order belongs to"):
 * 1. by hand, where someone attached or detached it;
 * 2. the deal that it names;
 * 3. once paid, for more than nothing, the only deal that fits: of its account, in its currency, begun before the payment,
 *    open or won within 90 days of it, without an order, at an amount that differs from the order's net by 10 % at most.
 * It is decided from state alone, and again whenever order or deal change, so that every order of arrival ends alike.
 */

/** Of the order's net, in percent. */
const MOST_DIFFERENCE = 10;
export const WON_WITHIN_DAYS = 90;
/** Bounds the deal's item. */
const MOST_ORDERS = 100;

const DAY = 86_400_000;

/** The id of the deal that the order names; there need not be one. */
export const namedDeal = ({ dealRef }: Pick<OrderSnapshot, 'dealRef'>): DealId | undefined =>
  dealRef?.id ?? (dealRef?.externalId === undefined ? undefined : dealIdOfExternal(dealRef.externalId));

/** What the order is about when it looks for its deal. */
type Matchable = OrderRecord & {
  readonly accountId: AccountId;
  readonly snapshot: OrderSnapshot & { readonly paidAt: Instant };
};

/** What is asked of a deal that an order may be the sale of; events don't tell its orders. */
type Fitting = Pick<
  Deal,
  'deleted' | 'source' | 'accountId' | 'status' | 'amount' | 'createdAt' | 'startedAt' | 'closedAt'
> & { readonly orderIds?: Deal['orderIds'] };

const isMatchable = (order: OrderRecord): order is Matchable =>
  isSold(order) && order.accountId !== undefined;

/** Whether the order, which has no deal, may be the sale of this one. */
export const mayBeSaleOf = (deal: Fitting, order: OrderRecord): boolean =>
  isMatchable(order) && isCandidate(deal, order);

/** Whether the deal, of the order's account, may be what the paid order is the sale of. */
export const isCandidate = (deal: Fitting, { snapshot, accountId }: Matchable): boolean => {
  const { net, paidAt } = snapshot;
  const began =
    deal.startedAt !== undefined && deal.startedAt < deal.createdAt ? deal.startedAt : deal.createdAt;
  const isNear =
    deal.closedAt === undefined ||
    Math.abs(Date.parse(deal.closedAt) - Date.parse(paidAt)) <= WON_WITHIN_DAYS * DAY;
  return (
    !deal.deleted &&
    deal.source !== CANARY_SOURCE &&
    deal.accountId === accountId &&
    (deal.status === 'open' || (deal.status === 'won' && isNear)) &&
    (deal.orderIds ?? []).length === 0 &&
    deal.amount.currency === net.currency &&
    began < paidAt &&
    // A sample that costs nothing is no sale of a deal whose amount nobody has said yet.
    net.amount > 0 &&
    Math.abs(deal.amount.amount - net.amount) * 100 <= net.amount * MOST_DIFFERENCE
  );
};

/** What else is known when an order's deal is decided. */
export interface DealWorld {
  /** Those that the order names or is linked with, as far as they exist. */
  readonly deals: ReadonlyMap<DealId, Deal>;
  /** Deals of the order's account that may fit; asked for a paid order that has none. */
  readonly candidates: readonly Deal[];
  /** Why a deal can't be won, by its id; found out when it was tried. */
  readonly refused?: ReadonlyMap<DealId, string> | undefined;
  /** The deal that it was linked with until a person linked it with another. */
  readonly former?: DealId | undefined;
  /** Those of the deals at least. */
  readonly pipelines: Pick<PipelineBook, 'of'>;
  readonly now: Instant;
}

export interface DealDecision {
  readonly order: OrderRecord;
  /** Deals that are to be written with the order. */
  readonly changed: readonly Deal[];
}

interface Wanted {
  readonly id?: DealId | undefined;
  readonly by: OrderDeal['by'];
  readonly note?: string | undefined;
}

/** Whether the order will be asked for candidates: a paid one without a deal of its own. */
export const looksForDeal = (order: OrderRecord, deals: DealWorld['deals']): order is Matchable =>
  isMatchable(order) && wantedWithout(order, deals) === undefined;

const wantedWithout = (order: OrderRecord, deals: DealWorld['deals']): Wanted | undefined => {
  const { deal: link, snapshot } = order;
  if (link?.by === 'hand') return link;
  const named = snapshot && namedDeal(snapshot);
  if (named !== undefined) return { id: named, by: 'reference' };
  if (link?.by !== 'match' || link.id === undefined) return undefined;
  const matched = deals.get(link.id);
  return matched === undefined || matched.deleted || matched.status === 'lost' ? undefined : link;
};

const wantedOf = (order: OrderRecord, world: DealWorld): Wanted | undefined => {
  const wanted = wantedWithout(order, world.deals);
  if (wanted !== undefined || !looksForDeal(order, world.deals)) return wanted;
  const fitting = world.candidates.filter((deal) => isCandidate(deal, order));
  const [only, ...others] = fitting;
  if (only === undefined) return undefined;
  return others.length === 0
    ? { id: only.id, by: 'match' }
    : { by: 'match', note: `${fitting.length} deals of the account fit; attach it to one of them by hand` };
};

type Standing =
  { readonly belongs: OrderDeal['state'] } | { readonly note: string; readonly isReleased?: true };

const standingOf = (order: OrderRecord, deal: Deal | undefined, id: DealId, refused?: string): Standing => {
  if (deal === undefined) return { note: `there is no deal ${id}` };
  if (deal.deleted) return { note: `the deal ${id} was deleted` };
  const { deal: link, snapshot } = order;
  const wasSettled = link?.id === id && (link.state === 'settled' || link.state === 'released');
  if (deal.status === 'lost')
    return { note: `the deal ${id} is lost`, ...(wasSettled && { isReleased: true }) };
  if (refused !== undefined) return { note: `the deal ${id} can’t be won by the order: ${refused}` };
  const orders = deal.orderIds ?? [];
  if (!orders.includes(order.id) && orders.length >= MOST_ORDERS)
    return { note: `the deal ${id} has ${MOST_ORDERS} orders, and can’t have more` };
  if (!isSold(order)) return { belongs: 'attached' };
  if (deal.status === 'won') {
    const winner = deal.wonByOrder?.orderId;
    return winner !== undefined && winner !== order.id && isWonBy(deal, winner)
      ? { note: `the deal ${id} was won by ${winner}; this order counts by itself` }
      : { belongs: 'settled' };
  }
  if (wasSettled) return { note: `the deal ${id} was reopened after the order`, isReleased: true };
  return snapshot?.currency === deal.amount.currency
    ? { belongs: 'settled' }
    : { note: `the deal ${id} is in ${deal.amount.currency}, and so can’t be won by the order` };
};

const withLink = (
  order: OrderRecord,
  deal: OrderDeal | undefined,
  dealNote: string | undefined,
): OrderRecord => {
  const { deal: _link, dealNote: _note, ...rest } = order;
  return { ...rest, ...(deal && { deal }), ...(dealNote !== undefined && { dealNote }) };
};

const linked = (order: OrderRecord, world: DealWorld): OrderRecord => {
  const { deal: link } = order;
  if (!isCounting(order))
    return withLink(order, link?.by === 'hand' ? { ...link, state: 'waiting' } : undefined, undefined);
  const wanted = wantedOf(order, world);
  if (wanted === undefined) return withLink(order, undefined, undefined);
  const { id, by, note } = wanted;
  if (id === undefined) return withLink(order, by === 'hand' ? { by, state: 'waiting' } : undefined, note);
  const deal = world.deals.get(id) ?? world.candidates.find((each) => each.id === id);
  const standing = standingOf(order, deal, id, world.refused?.get(id));
  return 'belongs' in standing
    ? withLink(order, { id, by, state: standing.belongs }, undefined)
    : withLink(order, { id, by, state: standing.isReleased ? 'released' : 'waiting' }, standing.note);
};

/**
 * The order with the deal that it belongs to, and the deals with what follows for them: one that is open is won by a paid
 * order, refunds are its adjustments; one that lost the order loses what it had by it. Deals are still to be settled.
 */
export const decided = (before: OrderRecord, world: DealWorld): DealDecision => {
  const order = linked(before, world);
  const id = dealOf(order);
  const changed = new Map<DealId, Deal>();
  const { now, pipelines } = world;
  const known = (dealId: DealId) =>
    world.deals.get(dealId) ?? world.candidates.find((each) => each.id === dealId);
  for (const dealId of new Set([world.former, before.deal?.id, order.deal?.id])) {
    const deal = dealId && known(dealId);
    if (dealId === undefined || deal === undefined || deal.deleted || dealId === id) continue;
    const left = withoutOrder(deal, order, { now, pipeline: pipelines.of(deal) });
    if (left !== deal) changed.set(dealId, left);
  }
  const deal = id && known(id);
  if (id === undefined || deal === undefined) return { order, changed: [...changed.values()] };
  try {
    const next = withOrder(deal, order, { now, pipeline: pipelines.of(deal) });
    return { order, changed: [...changed.values(), ...(next === deal ? [] : [next])] };
  } catch (error) {
    // It can't be won for so little, or be brought in line: the order counts by itself, and says why.
    if (!(error instanceof Unprocessable) || world.refused?.has(id) === true) throw error;
    return decided(before, { ...world, refused: new Map([...(world.refused ?? []), [id, error.detail]]) });
  }
};
