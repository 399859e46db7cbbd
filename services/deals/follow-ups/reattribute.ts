import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { MemberId } from '../../../shared/ids/id.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import { isOpenOf } from '../domain/reassignment.ts';
import { openDealsOf } from './open-deals.ts';
import { dealChanger } from './settled-deals.ts';

export const REATTRIBUTE = 'reattribute';

const Input = z.object({ memberId: MemberId });
const Position = z.object({ after: z.record(z.string(), z.unknown()).optional() });

/**
 * Says anew whom a member's open deals count for, by the teams of now. One pass is enough: whatever is written meanwhile is
 * settled by that very write.
 */
export const reattribute = (sources: {
  readonly table: Table;
  readonly directory: Directory;
}): JobHandler => ({
  kind: REATTRIBUTE,
  page: async (job, run) => {
    const { memberId } = Input.parse(job.input);
    const { after } = Position.parse(job.position ?? {});
    const change = dealChanger(sources, run);
    const page = await openDealsOf(sources.table, memberId, after);
    let moved = 0;
    for (const id of page.ids) {
      const isMoved = await change(id, (deal) =>
        isOpenOf(deal, memberId) ? { ...deal, updatedAt: run.clock.now() } : deal,
      );
      moved += isMoved ? 1 : 0;
    }
    return {
      ...(page.after !== undefined && { position: { after: page.after } }),
      counts: { deals: moved },
    };
  },
});
