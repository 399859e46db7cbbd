import { decidingRule } from '../../../shared/territories/rules.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { scoreOf } from '../domain/leads/score.ts';
import type { RoutingRules } from './route-lead.ts';

/** The lead with its score, and with the teams and territories that it counts for as of today. An erased one stays as it was. */
export const assessed = (lead: Lead, { directory, book, today }: RoutingRules, now: Instant): Lead => {
  if (lead.deleted) return lead;
  const owner = lead.ownerId === undefined ? undefined : directory.member(lead.ownerId);
  const team = owner && directory.teamOf(owner, today);
  const fitting = decidingRule(book.rules, lead)?.territoryId;
  const territory = lead.territoryId ?? fitting ?? owner?.territoryIds[0];
  return {
    ...lead,
    ...scoreOf(lead, { fitsTerritory: fitting !== undefined, now }),
    teamPath: team === undefined ? [] : directory.teamPath(team),
    territoryPath: territory === undefined ? [] : directory.territoryPath(territory),
  };
};
