import type { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import { DealUpdated } from '../../../shared/events/deals.ts';
import type { DealId } from '../../../shared/ids/id.ts';
import type { JobRun } from '../../../shared/jobs/handler.ts';
import type { Deal } from '../domain/deal.ts';
import { sellingDeps } from '../selling-deps.ts';
import { dealEntity } from '../store/entities.ts';

export type ChangeDeal = (
  id: DealId,
  change: (deal: Deal) => Deal,
  options?: {
    /** What the change is called; DealUpdated unless given. */
    readonly event?: (before: Deal, after: Deal) => EventContract;
  },
) => Promise<boolean>;

/**
 * Changes deals for a job: each is read, changed and settled anew until nobody else saved it in between. Answers whether
 * anything was written; a deal that `change` answers as it was is left alone.
 */
export const dealChanger = (
  { table, directory }: { readonly table: Table; readonly directory: Directory },
  { cause, clock }: JobRun,
): ChangeDeal => {
  const stored = new Repository(table, dealEntity, cause);
  const { deals } = sellingDeps({ table, directory, cause, clock, actor: { kind: 'open' } });
  return async (id, change, { event = () => DealUpdated } = {}) =>
    untilSaved(async () => {
      const deal = await stored.get(id);
      const changed = change(deal);
      if (changed === deal) return false;
      const saved = await deals.save(changed, { from: deal, event: event(deal, changed) });
      return saved.version > deal.version;
    });
};
