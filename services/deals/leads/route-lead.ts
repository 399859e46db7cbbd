import { capacityOn } from '../../../shared/directory/capacity.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { type TerritoryBook, territoryBook } from '../../../shared/territories/resolve.ts';
import { decidingRule } from '../../../shared/territories/rules.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { type Candidate, leastLoaded, routedTo, routedToNobody } from '../domain/leads/routing.ts';
import { leadLoadKey } from '../store/lead-entity.ts';

/** The organization as leads are routed by it. */
export interface RoutingRules {
  readonly directory: DirectorySnapshot;
  readonly book: TerritoryBook;
  readonly today: Day;
}

export const routingRules = (directory: DirectorySnapshot, now: Instant): RoutingRules => ({
  directory,
  book: territoryBook(directory.territories(), directory.members()),
  today: dayOf(now, directory.organization.timeZone),
});

/** Open leads of members by the counters, which are as new as the last write; those without any have none. */
export const openLeadsOf = async (
  table: Table,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<string, number>> => {
  const items = await table.batchGet(memberIds.map(leadLoadKey));
  return new Map(items.map(({ pk, open }) => [String(pk), typeof open === 'number' ? open : 0]));
};

const candidatesOf = (
  { directory, today }: RoutingRules,
  territoryId: TerritoryId,
): readonly Pick<Candidate, 'memberId' | 'capacity'>[] =>
  [...new Set(directory.territory(territoryId)?.ownerIds ?? [])].flatMap((memberId) => {
    const member = directory.member(memberId);
    const capacity = member?.status === 'active' ? Math.round(capacityOn(member, today) * 10_000) : 0;
    return capacity > 0 ? [{ memberId, capacity }] : [];
  });

/** What routing decided, and the count that it went by, for whoever wants to be sure that it still holds. */
export interface Routed {
  readonly lead: Lead;
  readonly openLeads: number | undefined;
}

/**
 * The lead with the owner that the territory rules find for it: among the active and present owners of the territory that
 * fits, the one with the fewest open leads in proportion to capacity. Where a territory has none, those of the one above
 * are asked, and so on; where nobody fits, it is nobody's.
 */
export const routed = async (lead: Lead, rules: RoutingRules, table: Table): Promise<Routed> => {
  const { ownerId: _owner, territoryId: _territory, ...rest } = lead;
  const deciding = decidingRule(rules.book.rules, lead);
  if (deciding === undefined)
    return { lead: { ...rest, routedBy: routedToNobody(undefined) }, openLeads: undefined };
  const { territoryId, rule } = deciding;
  for (const asked of rules.directory.territoryPath(territoryId)) {
    const present = candidatesOf(rules, asked);
    const loads = await openLeadsOf(
      table,
      present.map(({ memberId }) => memberId),
    );
    const candidates = present.map(({ memberId, capacity }) => ({
      memberId,
      openLeads: Math.max(0, loads.get(leadLoadKey(memberId).pk) ?? 0),
      capacity,
    }));
    const chosen = leastLoaded(candidates);
    if (chosen === undefined) continue;
    const routedBy = routedTo(chosen, candidates, { asked, priority: rule.priority });
    return {
      lead: { ...rest, ownerId: chosen.memberId, territoryId, routedBy },
      openLeads: loads.get(leadLoadKey(chosen.memberId).pk),
    };
  }
  const routedBy = routedToNobody({ territoryId, priority: rule.priority });
  return { lead: { ...rest, territoryId, routedBy }, openLeads: undefined };
};
