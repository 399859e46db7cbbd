import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { DayBegan } from '../../../shared/events/team.ts';
import { derivedId, JobId, MemberId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Deal } from '../domain/deal.ts';
import { dealsOfOwner } from '../store/entities.ts';
import { dealChanger } from './settled-deals.ts';

export const REVALUE_OPEN = 'revalue-open';

const PAGE = 100;

const Position = z.object({ owner: MemberId, after: z.record(z.string(), z.unknown()).optional() });

interface Sources {
  readonly table: Table;
  readonly directory: Directory;
}

/**
 * Values open deals in other currencies at the rates of today. It reads all open deals, by owner, in the index (half a read unit
 * for 4 KB), and writes those alone whose worth has changed. One pass is enough: what is written meanwhile is valued by that.
 */
export const revalueOpen = (sources: Sources): JobHandler => ({
  kind: REVALUE_OPEN,
  page: async (job, run) => {
    const { table, directory } = sources;
    const snapshot = await directory.snapshot({ maxAgeSeconds: 60 });
    const { reportingCurrency } = snapshot.organization;
    const owners = snapshot
      .members()
      .map(({ id }) => id)
      .toSorted();
    const position = job.position === undefined ? undefined : Position.parse(job.position);
    const rest = owners.filter((id) => id >= (position?.owner ?? ''));
    for (const [index, owner] of rest.entries()) {
      const after = owner === position?.owner ? position.after : undefined;
      const pk = dealsOfOwner(owner);
      const page = await table.query({ index: 'gsi1', pk, skPrefix: 'open#', limit: PAGE, after });
      const foreign = page.items
        .map((item) => storedFrom<Deal>(item))
        .filter(({ amount }) => amount.currency !== reportingCurrency);
      if (foreign.length === 0 && page.lastKey === undefined) continue;
      const change = dealChanger(sources, run);
      const counts = { revalued: 0, refused: 0 };
      for (const { id } of foreign)
        try {
          const isRevalued = await change(id, (deal) =>
            deal.status === 'open' && !deal.deleted ? { ...deal, updatedAt: run.clock.now() } : deal,
          );
          counts.revalued += isRevalued ? 1 : 0;
        } catch (error) {
          // At this rate it is worth more than can be added up: it keeps its worth, and the others get theirs.
          if (!(error instanceof Unprocessable)) throw error;
          counts.refused += 1;
        }
      const following = rest[index + 1];
      const next =
        page.lastKey !== undefined
          ? { owner, after: page.lastKey }
          : following !== undefined
            ? { owner: following }
            : undefined;
      return { ...(next && { position: next }), counts };
    }
    return {};
  },
});

/** Once a day. */
export const followDayForRates =
  ({ table, clock }: { readonly table: Table; readonly clock: Clock }) =>
  async ({ event, cause }: Message<typeof DayBegan>): Promise<Outcome> => {
    const id = derivedId(JobId, REVALUE_OPEN, event.data.day);
    await new Jobs(table, DealsJobAdvanced, cause).start(
      newJob({ id, kind: REVALUE_OPEN, input: {} }, clock),
    );
    return 'done';
  };
