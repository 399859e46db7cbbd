import * as z from 'zod';
import { route } from '../../../shared/http/route.ts';
import { GoalId } from '../../../shared/ids/id.ts';
import { readGoal } from '../domain/attainment.ts';
import { paceOf } from '../domain/pace.ts';
import { totalsQueryOf } from '../progress/evaluate-scope.ts';
import { ProgressView } from './goal-schemas.ts';
import { type GoalsDeps, settingsOf } from './goals-deps.ts';

export const getProgress = route({
  method: 'GET',
  path: '/v1/goals/{id}/progress',
  via: '/v1/goals/{id}/{view}',
  scope: 'sales/goals.read',
  summary: 'Get a goal’s progress',
  params: z.object({ id: GoalId }),
  response: ProgressView,
  async handle({ params: { id } }, { store, buckets, clock, access: accessOf }: GoalsDeps) {
    const [goal, access] = await Promise.all([store.goals.get(id), accessOf()]);
    access.assertVisible(goal, `goal ${id}`);
    const organization = settingsOf(access);
    const now = clock.now();
    const totals = await buckets.totals(totalsQueryOf(goal));
    const reading = readGoal(goal, totals, { now, timeZone: organization.timeZone });
    const { ratio, status, expected, reason, ...pace } = paceOf(goal, reading, now, organization);
    const { value, percent, elapsed, answer } = reading;
    return {
      ...goal,
      goalId: goal.id,
      asOf: now,
      value,
      percent,
      numerator: answer.numerator,
      denominator: answer.denominator,
      n: answer.n,
      reason: answer.reason,
      elapsed,
      pace: { ratio, status, expected, reason },
      ...pace,
      milestones: goal.milestones.map((milestone) => {
        const standing = goal.standing.find((one) => one.milestone === milestone);
        return {
          milestone,
          reached: standing !== undefined,
          reachedAt: standing?.since,
          announced: standing?.announced,
        };
      }),
    };
  },
});
