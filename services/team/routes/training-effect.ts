import * as z from 'zod';
import { MeasuredKpi } from '../../../shared/events/briefings.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TrainingAssignmentId } from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { changeOf, EffectKpi } from '../domain/training-effect.ts';
import type { TeamDeps } from './deps.ts';
import { programParams } from './training-programs.ts';
import { assignmentsOf, programsOf, recordsSeenBy } from './training.ts';

const Measured = MeasuredKpi.extend({ asOf: Instant });
const MemberEffect = z
  .object({
    memberId: MemberId,
    assignmentId: TrainingAssignmentId,
    completedOn: Day,
    before: Measured.optional().describe('In the 30 days before the completion.'),
    after: Measured.optional().describe('In the 30 days from the completion on; absent until they are over.'),
    change: z.number().optional().describe('After less before, where both have a value.'),
  })
  .meta({ id: 'TrainingEffect' });

export const getEffect = route({
  method: 'GET',
  path: '/v1/training-programs/{id}/effect',
  via: '/v1/training-programs/{id}/{view}',
  scope: 'sales/team.read',
  summary: 'Compare a KPI before and after a training program, member by member',
  description:
    'For admins, and managers of the members. By the day of completion. What else changed at that time is in the numbers, too.',
  params: programParams,
  query: pageQuery.extend({ kpi: EffectKpi.default('wonRevenue') }),
  response: page(MemberEffect),
  async handle({ params: { id }, query }, deps: TeamDeps) {
    deps.access.assertLeads('The effect of training');
    await programsOf(deps).get(id);
    const { limit, kpi } = query;
    const binding = { list: 'training-effect', id };
    const found = await assignmentsOf(deps).ofPrograms([id], {
      filter: 'completed',
      isWanted: recordsSeenBy(deps.access),
      limit,
      cursor: positionOf(query, binding),
    });
    const items = found.items.flatMap(({ id: assignmentId, memberId, completedOn, effect = {} }) => {
      if (completedOn === undefined) return [];
      const measured = (part: 'before' | 'after') => {
        const { asOf, kpis } = effect[part] ?? {};
        const answer = kpis?.[kpi];
        return answer === undefined || asOf === undefined ? undefined : { ...answer, asOf };
      };
      return [
        {
          memberId,
          assignmentId,
          completedOn,
          before: measured('before'),
          after: measured('after'),
          change: changeOf(effect, kpi),
        },
      ];
    });
    return pageOf(items, found.lastKey, binding);
  },
});
