import { nameKey } from '../../../shared/directory/name-key.ts';
import type { AccountId, ContactId, MemberId, PipelineId } from '../../../shared/ids/id.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import type { Deal } from './deal.ts';
import { forecastCategoryOf, withForecast } from './forecast.ts';
import type { PipelineBook } from './pipeline-book.ts';
import { isRotting } from './rotting.ts';

export type Status = Deal['status'];

/** What a list of deals is narrowed to. Instants are half-open: `closedBefore` is excluded. */
export interface DealFilter {
  readonly ownerId?: MemberId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly contactId?: ContactId | undefined;
  readonly pipelineId?: PipelineId | undefined;
  readonly stage?: string | undefined;
  readonly forecastCategory?: Deal['forecastCategory'];
  /** Part of the name, in any case. */
  readonly q?: string | undefined;
  /** Open deals for which nobody has written down what comes next. */
  readonly withoutNextStep?: boolean | undefined;
  readonly status?: Status | undefined;
  readonly closedFrom?: Instant | undefined;
  readonly closedBefore?: Instant | undefined;
  readonly expectedFrom?: Day | undefined;
  readonly expectedTo?: Day | undefined;
  readonly stale?: boolean | undefined;
  /** Deals that no order belongs to. */
  readonly withoutOrder?: boolean | undefined;
}

/** The statuses that can match at all, in the order of lists: open ones first. */
export const statusesOf = (filter: DealFilter): readonly Status[] => {
  const possible: readonly Status[] = filter.status ? [filter.status] : ['open', 'won', 'lost'];
  const onlyClosed = filter.closedFrom !== undefined || filter.closedBefore !== undefined;
  const onlyOpen =
    filter.expectedFrom !== undefined ||
    filter.expectedTo !== undefined ||
    filter.stale === true ||
    filter.withoutNextStep === true;
  return possible.filter((status) => (status === 'open' ? !onlyClosed : !onlyOpen));
};

/** Whether a deal found under its owner or account is wanted. Ranges are the index's to hold. */
export const matches = (
  deal: Deal,
  filter: DealFilter,
  { pipelines, now }: { readonly pipelines: PipelineBook; readonly now: Instant },
): boolean =>
  (filter.ownerId === undefined || deal.ownerId === filter.ownerId) &&
  (filter.accountId === undefined || deal.accountId === filter.accountId) &&
  (filter.contactId === undefined || (deal.contactIds ?? []).includes(filter.contactId)) &&
  (filter.pipelineId === undefined || deal.pipelineId === filter.pipelineId) &&
  (filter.stage === undefined || deal.stage === filter.stage) &&
  (filter.forecastCategory === undefined ||
    forecastCategoryOf(withForecast(deal, pipelines.of(deal))) === filter.forecastCategory) &&
  (filter.q === undefined || nameKey(deal.name).includes(nameKey(filter.q))) &&
  (filter.withoutNextStep === undefined || (deal.nextStep === undefined) === filter.withoutNextStep) &&
  (filter.stale === undefined || isRotting(deal, pipelines.of(deal), now) === filter.stale) &&
  (filter.withoutOrder !== true || (deal.orderIds ?? []).length === 0);
