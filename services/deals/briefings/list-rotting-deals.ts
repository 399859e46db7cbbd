import type { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { answerOnce } from '../../../shared/events/answer-once.ts';
import { type AgendaRequested, RottingDealsListed } from '../../../shared/events/briefings.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Deal } from '../domain/deal.ts';
import { daysStanding } from '../domain/rotting.ts';
import { DealList } from '../store/deal-list.ts';
import { Pipelines } from '../store/pipelines.ts';
import { rottingDealsEntity } from '../store/rotting-deals.ts';

/** More than a meeting ever talks about. */
const MOST_DEALS = 50;
const PAGE = 200;
/** What one answer may read, in pages of 2,000 deals examined. */
const MOST_PAGES = 20;

/** Amounts of several currencies compare as what they are worth in the reporting one; last come those without a rate. */
const worth = ({ reportingAmount }: Deal): number => reportingAmount?.amount ?? -1;

/** Tells which open deals of a team, and of the teams below, stand still: the largest first. */
export const listingRottingDeals =
  ({ table, directory }: { readonly table: Table; readonly directory: Directory }) =>
  async ({ event, cause }: Pick<Message<typeof AgendaRequested>, 'event' | 'cause'>): Promise<Outcome> => {
    const { id, meetingId, teamId } = event.data;
    const list = async () => {
      const now = table.clock.now();
      const snapshot = await directory.snapshot();
      const all = new DealList({
        table,
        viewer: { sees: 'everything' },
        directory: snapshot,
        pipelines: await Pipelines.allOf(table),
        now,
      });
      const rotting: Deal[] = [];
      let after: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page = await all.page({ filter: { status: 'open', stale: true }, teamId, limit: PAGE, after });
        rotting.push(...page.items);
        after = page.after;
        if (after === undefined) break;
      }
      const deals = rotting
        .toSorted((a, b) => worth(b) - worth(a))
        .slice(0, MOST_DEALS)
        .map((deal) => ({
          id: deal.id,
          name: deal.name,
          ownerId: deal.ownerId,
          amount: deal.amount,
          stage: deal.stage,
          days: daysStanding(deal, now),
        }));
      return { id, requestId: id, meetingId, asOf: now, deals };
    };
    return answerOnce(new Repository(table, rottingDealsEntity, cause), id, list, RottingDealsListed);
  };
