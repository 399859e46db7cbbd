import type { OrganizationState } from '../../../shared/events/team.ts';
import type { AccountId, DealId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { type Activity } from '../domain/activities/activity.ts';
import { type AttributedAccount, attributionOn, type DirectoryReader } from '../domain/attribution.ts';

type Awaitable<T> = T | Promise<T>;

/** Where it is looked up whom an activity counts for: live for a request, in memory for an import. */
export interface PlaceSources {
  organization(): Awaitable<OrganizationState>;
  readonly directory: DirectoryReader;
  account(id: AccountId): Awaitable<AttributedAccount | undefined>;
  deal(id: DealId): Awaitable<{ readonly territoryId?: TerritoryId | undefined } | undefined>;
  now(): Instant;
}

/**
 * The activity with the teams and territories that it counts for: of the day on which it happened, so that a later transfer
 * moves nothing; of today, as long as it is planned.
 */
export const attributed = async (activity: Activity, sources: PlaceSources): Promise<Activity> => {
  const { accountId, dealId, status, occurredAt } = activity;
  const [{ timeZone }, account, deal] = await Promise.all([
    sources.organization(),
    accountId && sources.account(accountId),
    dealId && sources.deal(dealId),
  ]);
  const now = sources.now();
  const day = dayOf(status === 'done' ? (occurredAt ?? now) : now, timeZone);
  const { credits, territoryPath } = await attributionOn(
    { ownerId: activity.ownerId, splits: [], territoryId: deal?.territoryId },
    { day, account, directory: sources.directory },
  );
  return { ...activity, teamPath: credits[0]?.teamPath ?? [], territoryPath };
};
