import * as z from 'zod';
import { TerritoryRule, type TerritoryState } from '../../../shared/events/team.ts';
import { MemberId, TerritoryId } from '../../../shared/ids/id.ts';

export const ASSIGN_ACCOUNTS = 'assign-accounts';

const list = z.array(z.string().trim().min(1).max(200)).min(1).max(200).optional();
const amount = z.number().min(0).max(1_000_000_000_000_000).optional();

/** A rule as it might become; team, which keeps the rules, is the one to judge them. */
const ProposedRule = z.strictObject({
  ...TerritoryRule.shape,
  priority: z.int().min(1).max(1_000_000),
  countries: list,
  regions: list,
  postalCodePrefixes: list,
  industries: list,
  segments: list,
  revenue: z.strictObject({ from: amount, below: amount }).optional(),
});

/** A territory as it might become; what is left out stays as it is. */
export const ProposedTerritory = z.strictObject({
  id: TerritoryId,
  rules: z.array(ProposedRule).max(100).optional(),
  ownerIds: z.array(MemberId).max(50).optional(),
});
export type ProposedTerritory = z.infer<typeof ProposedTerritory>;

/** What an assignment of accounts is asked to do. */
export const AssignmentInput = z.object({
  dryRun: z.boolean(),
  territories: z.array(ProposedTerritory).optional(),
});

/** The territories as they would be. */
export const withProposals = (
  territories: readonly TerritoryState[],
  proposals: readonly ProposedTerritory[] = [],
): readonly TerritoryState[] => {
  const proposed = new Map(proposals.map((proposal) => [proposal.id, proposal]));
  return territories.map((territory) => {
    const { rules, ownerIds } = proposed.get(territory.id) ?? {};
    return { ...territory, ...(rules && { rules }), ...(ownerIds && { ownerIds }) };
  });
};
