import { maySee } from '../../../shared/auth/visibility.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import * as z from 'zod';
import { ofAccounts, ofSubject } from '../activities/streams.ts';
import { ordersOfAccount, ordersOfDeal } from '../commerce/order-places.ts';
import { dealOf } from '../domain/commerce/order.ts';
import { accountEntry, dealEntries, TimelineEntry } from '../domain/timelines/timeline.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { timelinePage } from '../timelines/page.ts';
import {
  dealsOf,
  mergeEntriesOf,
  type EntryStream,
  ofActivities,
  ofEntries,
  orderEntriesOf,
  visibleTo,
} from '../timelines/sources.ts';
import { dealParams } from './deal-resource.ts';

const Entry = TimelineEntry.meta({ id: 'TimelineEntry' });
const statuses = ['planned', 'done'] as const;

interface Asked {
  readonly limit: number;
  readonly after: string | undefined;
}

const askedOf = (query: Parameters<typeof positionOf>[0] & { limit: number }, binding: object): Asked => {
  const after = positionOf(query, { ...binding })?.after;
  return { limit: query.limit, after: after === undefined ? undefined : String(after) };
};

const answer = async (streams: readonly EntryStream[], asked: Asked, binding: object) => {
  const { items, after } = await timelinePage(streams, asked);
  return pageOf(items, after === undefined ? undefined : { after }, { ...binding });
};

const dealTimeline = route({
  method: 'GET',
  path: '/v1/deals/{id}/timeline',
  via: '/v1/deals/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'Get what happened to a deal and was done for it, the latest first',
  description:
    'Activities, how it was made, moved, won, lost, reopened and adjusted, and its orders. What is planned stands where it is to happen, or else was recorded.',
  params: dealParams,
  query: pageQuery,
  response: page(Entry),
  async handle({ params, query }, { table, deals, activities }: SellingDeps) {
    const deal = await deals.get(params.id);
    const binding = { list: 'deal-timeline', id: deal.id };
    const asked = askedOf(query, binding);
    const range = asked.after === undefined ? undefined : { from: '', to: asked.after };
    const orders = await orderEntriesOf(table, [ordersOfDeal(deal.id)], (order) => dealOf(order) === deal.id);
    const streams = [
      ofEntries([...dealEntries(deal), ...orders]),
      ...statuses.map((status) =>
        ofActivities(
          ofSubject(table, deal.id, { status, range, expected: asked.limit }),
          activities,
          asked.limit,
        ),
      ),
    ];
    return answer(streams, asked, binding);
  },
});

const accountTimeline = route({
  method: 'GET',
  path: '/v1/accounts/{id}/timeline',
  via: '/v1/accounts/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'Get what happened to an account and was done for it, the latest first',
  description:
    'Activities, its deals’ steps, and its orders: of deals and orders, those the caller may see. Of an account with more than 500 deals or orders, those that are open or came last. A page may hold fewer than asked for; only one without nextCursor is the last.',
  params: z.object({ id: AccountId }),
  query: pageQuery,
  response: page(Entry),
  async handle({ params, query }, deps: SellingDeps) {
    const { table, accounts, activities, directory, visibility } = deps;
    const account = await accounts.get(params.id);
    const binding = { list: 'account-timeline', id: account.id };
    const asked = askedOf(query, binding);
    const range = asked.after === undefined ? undefined : { from: '', to: asked.after };
    const [viewer, snapshot, today, found] = await Promise.all([
      visibility.viewer(),
      directory.snapshot(),
      visibility.today(),
      dealsOf(table, account.id),
    ]);
    const seen = found.filter(({ ownerId, splits }) => {
      const owner = snapshot.member(ownerId);
      return maySee(viewer, {
        ownerId,
        teamId: owner && snapshot.teamOf(owner, today),
        participantIds: splits.map(({ memberId }) => memberId),
      });
    });
    const [orders, merges] = await Promise.all([
      orderEntriesOf(table, [ordersOfAccount(account.id)], visibleTo(viewer)),
      mergeEntriesOf(table, account),
    ]);
    const streams = [
      ofEntries([accountEntry(account), ...merges, ...seen.flatMap(dealEntries), ...orders]),
      ...statuses.map((status) =>
        ofActivities(
          ofAccounts(table, [account.id], { status, range, expected: asked.limit }),
          activities,
          asked.limit,
        ),
      ),
    ];
    return answer(streams, asked, binding);
  },
});

export const timelineRoutes = [dealTimeline, accountTimeline] as const;
