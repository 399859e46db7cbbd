import type { Attribution } from '../../../shared/events/deals.ts';
import type { MemberState } from '../../../shared/events/team.ts';
import type { AccountId, MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import type { Split } from './deal.ts';

type Awaitable<T> = T | Promise<T>;

/** The part of the directory that attribution asks: looked up singly, or in a snapshot. */
export interface DirectoryReader {
  member(id: MemberId): Awaitable<MemberState | undefined>;
  teamOf(member: Pick<MemberState, 'memberships'>, day: Day): TeamId | undefined;
  teamPath(id: TeamId): Awaitable<TeamId[]>;
  territoryPath(id: TerritoryId): Awaitable<TerritoryId[]>;
}

/** The part of an account that attribution asks. */
export interface AttributedAccount {
  readonly id: AccountId;
  readonly industry?: string | undefined;
  readonly segment?: string | undefined;
  readonly territoryId?: TerritoryId | undefined;
}

export interface Attributable {
  readonly ownerId: MemberId;
  /** Empty: the owner has all of it. */
  readonly splits: readonly Split[];
  readonly territoryId?: TerritoryId | undefined;
}

/**
 * Whom and what a deal counts for on `day`: the teams that its people belong to that day, with all teams above them; the
 * territory of the deal, else of its account, else the owner's first; the account's industry and segment.
 */
export const attributionOn = async (
  { ownerId, splits, territoryId }: Attributable,
  {
    day,
    account,
    directory,
  }: {
    readonly day: Day;
    readonly account: AttributedAccount | undefined;
    readonly directory: DirectoryReader;
  },
): Promise<Attribution> => {
  const shares = splits.length > 0 ? splits : [{ memberId: ownerId, basisPoints: 10_000 }];
  const owner = await directory.member(ownerId);
  const territory = territoryId ?? account?.territoryId ?? owner?.territoryIds[0];
  return {
    credits: await Promise.all(
      shares.map(async ({ memberId, basisPoints }) => {
        const member = memberId === ownerId ? owner : await directory.member(memberId);
        const team = member && directory.teamOf(member, day);
        return { memberId, basisPoints, teamPath: team === undefined ? [] : await directory.teamPath(team) };
      }),
    ),
    territoryPath: territory === undefined ? [] : await directory.territoryPath(territory),
    ...(account && { accountId: account.id }),
    ...(account?.industry !== undefined && { industry: account.industry }),
    ...(account?.segment !== undefined && { segment: account.segment }),
  };
};
