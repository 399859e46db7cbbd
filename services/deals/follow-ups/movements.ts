import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import type { ActivityState } from '../../../shared/events/activities.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Deal } from '../domain/deal.ts';
import { moved } from '../domain/rotting.ts';
import { dealEntity } from '../store/entities.ts';

/**
 * An activity that was done moves its open deal on; a note moves nothing. Nobody is told: what others know of the deal stays as it
 * was, and whether it rots is asked here.
 */
export const followActivity =
  (table: Table) =>
  async ({
    event: { data },
    cause,
  }: {
    readonly event: { readonly data: ActivityState };
    readonly cause: Cause;
  }): Promise<Outcome> => {
    const { dealId, kind, status, occurredAt, deleted } = data;
    if (dealId === undefined || occurredAt === undefined || status !== 'done' || deleted || kind === 'note')
      return 'irrelevant';
    const now = table.clock.now();
    const at = occurredAt < now ? occurredAt : now;
    const deals = new Repository<Deal>(table, dealEntity, cause);
    return untilSaved(async () => {
      const deal = await deals.find(dealId);
      if (deal?.status !== 'open' || deal.deleted) return 'irrelevant';
      const after = moved(deal, at);
      if (after === deal) return 'duplicate';
      await deals.save(after);
      return 'done';
    });
  };
