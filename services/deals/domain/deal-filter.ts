import type { AccountId, MemberId } from '../../../shared/ids/id.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import type { Deal } from './deal.ts';
import { isRotting } from './rotting.ts';

export type Status = Deal['status'];

/** What a list of deals is narrowed to. Instants are half-open: `closedBefore` is excluded. */
export interface DealFilter {
  readonly ownerId?: MemberId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly stage?: string | undefined;
  readonly status?: Status | undefined;
  readonly closedFrom?: Instant | undefined;
  readonly closedBefore?: Instant | undefined;
  readonly expectedFrom?: Day | undefined;
  readonly expectedTo?: Day | undefined;
  readonly stale?: boolean | undefined;
}

/** The statuses that can match at all, in the order of lists: open ones first. */
export const statusesOf = (filter: DealFilter): readonly Status[] => {
  const possible: readonly Status[] = filter.status ? [filter.status] : ['open', 'won', 'lost'];
  const onlyClosed = filter.closedFrom !== undefined || filter.closedBefore !== undefined;
  const onlyOpen =
    filter.expectedFrom !== undefined || filter.expectedTo !== undefined || filter.stale === true;
  return possible.filter((status) => (status === 'open' ? !onlyClosed : !onlyOpen));
};

/** Whether a deal found under its owner or account is wanted. Ranges are the index's to hold. */
export const matches = (deal: Deal, filter: DealFilter, now: Instant): boolean =>
  (filter.ownerId === undefined || deal.ownerId === filter.ownerId) &&
  (filter.accountId === undefined || deal.accountId === filter.accountId) &&
  (filter.stage === undefined || deal.stage === filter.stage) &&
  (filter.stale === undefined || isRotting(deal, now) === filter.stale);
