import * as z from 'zod';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { coverageOf } from '../../../shared/territories/coverage.ts';
import { resolveTerritory, territoryBook } from '../../../shared/territories/resolve.ts';
import { type RankedRule, rankedRules } from '../../../shared/territories/rules.ts';
import { Name } from '../domain/name.ts';
import { Revenue } from '../domain/territory-rules.ts';
import { areaTeller, ToldArea } from '../domain/told-area.ts';
import { TERRITORIES } from '../store/entities.ts';
import type { TeamDeps } from './deps.ts';

const Account = z.strictObject({
  country: Name.optional(),
  region: Name.optional(),
  postalCode: Name.optional(),
  industry: Name.optional(),
  segment: Name.optional(),
  annualRevenue: Revenue.optional().describe('In major units of the reporting currency.'),
});

const RuleName = z.object({ territoryId: TerritoryId, priority: z.int() });

const Resolution = z
  .object({
    territoryId: TerritoryId.optional().describe('Left out where no rule fits.'),
    ownerId: MemberId.optional(),
    rule: RuleName.optional().describe('The rule that decided: the first of `considered` that matches.'),
    considered: z
      .array(
        RuleName.extend({
          matches: z.boolean(),
          why: z.array(z.object({ criterion: z.string(), message: z.string() })),
        }),
      )
      .describe('Every rule in the order in which they are asked, with the criteria that did not fit.'),
  })
  .meta({ id: 'TerritoryResolution' });

const resolve = route({
  method: 'POST',
  path: '/v1/territories/resolve',
  scope: 'sales/team.read',
  summary: 'Say which territory and owner an account would get, by which rule, and why not by the others',
  description: 'Changes nothing.',
  body: z.strictObject({ account: Account }),
  example: { account: { country: 'Italy', postalCode: '48121', industry: 'restaurants' } },
  response: Resolution,
  async handle({ body }, { members, territories, organization }: TeamDeps) {
    const [{ items }, everyone, today] = await Promise.all([
      territories.queryIndex('gsi1', TERRITORIES),
      members.all(),
      organization.today(),
    ]);
    const { considered, ...decided } = resolveTerritory(territoryBook(items, everyone), body.account, today);
    return {
      ...decided,
      considered: considered.map(({ why, ...each }) => ({ ...each, why: [...why] })),
    };
  },
});

const PlacedRule = RuleName.extend({
  name: z.string().describe('The territory’s.'),
  index: z.int().describe('The rule’s place among the territory’s, from 0.'),
});

const Coverage = z
  .object({
    overlaps: z.array(
      z.object({
        winner: PlacedRule,
        loser: PlacedRule,
        area: ToldArea,
        loserNeverDecides: z.boolean().describe('Whether rules before it fit all that the loser fits.'),
      }),
    ),
    holes: z.array(ToldArea).describe('Accounts that no rule fits. No account is in two of them.'),
    truncated: z.boolean().describe('Whether there is more than is told here.'),
  })
  .meta({ id: 'TerritoryCoverage' });

const coverage = route({
  method: 'GET',
  path: '/v1/territories/coverage',
  scope: 'sales/team.read',
  summary: 'Report where rules of different territories overlap, and which accounts no rule fits',
  description: 'For managers and admins. At most 200 overlaps and 200 holes.',
  response: Coverage,
  async handle(_request, { territories, access }: TeamDeps) {
    access.assertLeads('The coverage of territories');
    const { items } = await territories.queryIndex('gsi1', TERRITORIES);
    const names = new Map(items.map(({ id, name }) => [id, name]));
    const placed = ({ territoryId, index, rule }: RankedRule) => ({
      territoryId,
      name: names.get(territoryId) ?? '',
      index,
      priority: rule.priority,
    });
    const tell = areaTeller(items.flatMap(({ rules = [] }) => rules));
    const { overlaps, holes, truncated } = coverageOf(rankedRules(items));
    return {
      overlaps: overlaps.map(({ winner, loser, area, isShadowed }) => ({
        winner: placed(winner),
        loser: placed(loser),
        area: tell(area),
        loserNeverDecides: isShadowed,
      })),
      holes: holes.map(tell),
      truncated,
    };
  },
});

export const territoryRuleRoutes = [resolve, coverage] as const;
