import * as z from 'zod';
import { storeDirectoryEvent } from '../directory/directory.ts';
import type { EventContract } from '../events/contract.ts';
import type { Message } from '../events/consumer.ts';
import type { Outcome } from '../events/outcome.ts';
import type { MemberDeparted } from '../events/team.ts';
import { derivedId, JobId, MemberId } from '../ids/id.ts';
import { type Job, newJob } from '../jobs/job.ts';
import { Jobs } from '../jobs/jobs.ts';
import type { Table } from '../dynamodb/table.ts';
import type { Clock } from '../time/instant.ts';

export const HAND_OVER = 'hand-over';

const HandOverInput = z.object({
  memberId: MemberId,
  /** To whom the work goes; absent where nobody was named. */
  heirId: MemberId.optional(),
});
export type HandOverInput = z.infer<typeof HandOverInput>;

export const handOverOf = ({ input }: Pick<Job, 'input'>): HandOverInput => HandOverInput.parse(input);

/** A member departs once: whoever knows the member finds what became of the work. */
export const handOverId = (memberId: MemberId): JobId => derivedId(JobId, HAND_OVER, memberId);

/** Starts handing a departed member's work over in one service; once, however often the event comes. */
export const startHandOver =
  ({
    table,
    advanced,
    clock,
  }: {
    readonly table: Table;
    readonly advanced: EventContract;
    readonly clock: Clock;
  }) =>
  async ({ event, cause }: Message<typeof MemberDeparted>): Promise<Outcome> => {
    // The copy has a queue of its own, which may be behind: who has left must not be taken for someone's heir.
    await storeDirectoryEvent(table, event);
    const { id: memberId, reassignTo: heirId } = event.data;
    const input: HandOverInput = { memberId, ...(heirId !== undefined && { heirId }) };
    await new Jobs(table, advanced, cause).start(
      newJob({ id: handOverId(memberId), kind: HAND_OVER, input }, clock),
    );
    return 'done';
  };
