import { storedFrom } from '../../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { Unprocessable } from '../../../../shared/errors/errors.ts';
import { DealUpdated } from '../../../../shared/events/deals.ts';
import type { AccountId } from '../../../../shared/ids/id.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import type { Deal } from '../../domain/deal.ts';
import { sellingDeps } from '../../selling-deps.ts';
import { dealEntity, dealsOfAccount } from '../../store/entities.ts';
import { readdressOrdersOfDeal } from './move-orders.ts';
import type { MoverKind } from './mover.ts';

const PAGE = 25;

/** The deal as another account's. What a closed one counts for stays as it was frozen, but for the account itself. */
export const dealOfAccount = <D extends Deal>(deal: D, to: AccountId, now: Instant): D => ({
  ...deal,
  accountId: to,
  attribution: {
    ...deal.attribution,
    ...(deal.attribution.accountId !== undefined && { accountId: to }),
  },
  updatedAt: now,
});

/** Open and closed deals. Open ones are settled anew, and so count for the territory, industry and segment of their new account. */
export const moveDeals: MoverKind = {
  kind: 'deals',
  open: (sources, run) => {
    const { table, directory } = sources;
    const { cause, clock } = run;
    const readdressOrders = readdressOrdersOfDeal(sources, run);
    const stored = new Repository(table, dealEntity, cause);
    const { deals } = sellingDeps({ table, directory, cause, clock, actor: { kind: 'open' } });
    return {
      list: async (accountId, after) => {
        const { items, lastKey } = await table.query({
          index: 'gsi2',
          pk: dealsOfAccount(accountId),
          limit: PAGE,
          after,
        });
        return { ids: items.map((item) => storedFrom<Deal>(item).id), after: lastKey };
      },
      move: async (id, from, to) =>
        untilSaved(async () => {
          const deal = await stored.get(id);
          if (deal.accountId === to) {
            await readdressOrders(deal.id, from, to);
            return 'there';
          }
          if (deal.deleted || deal.accountId !== from) return 'elsewhere';
          try {
            await deals.save(dealOfAccount(deal, to, clock.now()), { from: deal, event: DealUpdated });
          } catch (error) {
            // What can't be counted or booked anew must not hold up all the others, nor change what is locked: it stays.
            if (!(error instanceof Unprocessable)) throw error;
            run.refused({ kind: 'deals', id, reason: error.detail });
            return 'refused';
          }
          await readdressOrders(deal.id, from, to);
          return 'moved';
        }),
    };
  },
};
