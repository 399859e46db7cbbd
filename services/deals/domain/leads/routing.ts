import * as z from 'zod';
import { MemberId, TerritoryId } from '../../../../shared/ids/id.ts';

/** Who might have had the lead. */
const Candidate = z.object({
  memberId: MemberId,
  openLeads: z.int(),
  capacity: z.int().describe('In basis points of someone ramped and full time.'),
});
export type Candidate = z.infer<typeof Candidate>;

/** How and why a lead is whose it is. */
export const RoutedBy = z.object({
  by: z
    .enum(['rules', 'hand', 'handOver', 'nobody'])
    .describe('The territory rules, a person, the departure of its former owner; or nobody fitted.'),
  territoryId: TerritoryId.optional().describe('Whose owners were asked.'),
  priority: z.int().optional().describe('Of the rule that decided.'),
  reason: z.string(),
  considered: z.array(Candidate).max(20).optional().describe('The first 20 of those who were asked.'),
});
export type RoutedBy = z.infer<typeof RoutedBy>;

/** Who has less to do in proportion, by whole numbers: a/b < c/d as a·d < c·b. Of those alike, the lower id. */
const byLoad = (a: Candidate, b: Candidate): number =>
  a.openLeads * b.capacity - b.openLeads * a.capacity || (a.memberId < b.memberId ? -1 : 1);

/** The one who has the fewest open leads in proportion to capacity; undefined where nobody has any. */
export const leastLoaded = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.filter(({ capacity }) => capacity > 0).toSorted(byLoad)[0];

const percent = (basisPoints: number): string => `${String(Math.round(basisPoints / 100))} %`;

export const routedTo = (
  chosen: Candidate,
  candidates: readonly Candidate[],
  rule: { readonly asked: TerritoryId; readonly priority: number },
): RoutedBy => ({
  by: 'rules',
  territoryId: rule.asked,
  priority: rule.priority,
  reason:
    `Of ${String(candidates.length)} present owners of ${rule.asked}, ${chosen.memberId} had the fewest open leads in proportion: ` +
    `${String(chosen.openLeads)} at a capacity of ${percent(chosen.capacity)}.`,
  considered: candidates.toSorted(byLoad).slice(0, 20),
});

export const routedToNobody = (
  rule: { readonly territoryId: TerritoryId; readonly priority: number } | undefined,
): RoutedBy =>
  rule === undefined
    ? { by: 'nobody', reason: 'No territory’s rules fit.' }
    : {
        by: 'nobody',
        territoryId: rule.territoryId,
        priority: rule.priority,
        reason:
          'Neither the territory nor one above it has an owner who is active, present and has capacity.',
      };
