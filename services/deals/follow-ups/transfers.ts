import { type Directory, storeDirectoryEvent } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { DayBegan, MemberTransferred } from '../../../shared/events/team.ts';
import { derivedId, JobId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { addDays, dayOf } from '../../../shared/time/zone.ts';
import { hasMovedBetween } from '../domain/transfers.ts';
import { REATTRIBUTE } from './reattribute.ts';

interface Sources {
  readonly table: Table;
  readonly directory: Directory;
  readonly clock: Clock;
}

/** Days that pass while the system stands still are not told of: a day looks back this far, and finds nothing to do twice. */
const LOOK_BACK_DAYS = 7;

/** A transfer that holds already moves the member's open deals to the new team. One of a later day waits for that day. */
export const followTransfer =
  ({ table, directory, clock }: Sources) =>
  async ({ event, cause }: Message<typeof MemberTransferred>): Promise<Outcome> => {
    // The copy has a queue of its own, which may be behind this one.
    await storeDirectoryEvent(table, event);
    const { id: memberId, memberships } = event.data;
    const today = dayOf(clock.now(), (await directory.organization()).timeZone);
    const latest = memberships.at(-1);
    if (latest === undefined || latest.from > today) return 'irrelevant';
    const id = derivedId(JobId, REATTRIBUTE, event.metadata.id);
    const job = newJob({ id, kind: REATTRIBUTE, input: { memberId } }, clock);
    await new Jobs(table, DealsJobAdvanced, cause).start(job);
    return 'done';
  };

/** Transfers that were recorded before take effect on their day. */
export const followDay =
  ({ table, directory, clock }: Sources) =>
  async ({ event, cause }: Message<typeof DayBegan>): Promise<Outcome> => {
    const { day } = event.data;
    const since = addDays(day, -LOOK_BACK_DAYS);
    const members = (await directory.snapshot()).members();
    const moved = members.filter((member) => hasMovedBetween(member, since, day));
    const jobs = new Jobs(table, DealsJobAdvanced, cause);
    for (const { id: memberId } of moved) {
      const id = derivedId(JobId, REATTRIBUTE, memberId, day);
      await jobs.start(newJob({ id, kind: REATTRIBUTE, input: { memberId } }, clock));
    }
    return moved.length === 0 ? 'irrelevant' : 'done';
  };
