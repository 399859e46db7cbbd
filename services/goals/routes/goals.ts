import * as z from 'zod';
import { assertVersion } from '../../../shared/http/etag.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { GoalId, MemberId } from '../../../shared/ids/id.ts';
import { KpiId } from '../../../shared/kpis/kpi.ts';
import type { Alert } from '../domain/alert.ts';
import { periodOfGoal } from '../domain/attainment.ts';
import { cancelGoal, createGoal, editGoal, type Goal } from '../domain/goal.ts';
import { parseScope } from '../domain/scope.ts';
import { crossedBy, totalsQueryOf } from '../progress/evaluate-scope.ts';
import { allGoals, goalsOf } from '../store/entities.ts';
import { untilUnmoved } from '../store/goals.ts';
import { ChangedGoal, GoalView, NewGoal } from './goal-schemas.ts';
import { type GoalsDeps, settingsOf } from './goals-deps.ts';
import { assertReferences, defaultOwner } from './references.ts';
import { runningPeriod, targetOf } from './targets.ts';
import { visiblePage } from '../../../shared/dynamodb/visible-page.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';

const params = z.object({ id: GoalId });

/** The first look at a new goal or target: what it has passed already is recorded, with nobody told. */
const firstLook = async <T extends Goal>(
  goal: T,
  organization: OrganizationState,
  { buckets, clock, correlationId }: GoalsDeps,
): Promise<{ readonly goal: T; readonly alert?: Alert }> => {
  const totals = await buckets.totals(totalsQueryOf(goal));
  const context = { organization, correlationId };
  const found = crossedBy(goal, totals, [], clock.now(), context, { announce: false });
  return found === undefined ? { goal } : { goal: found.goal, alert: found.alert };
};

export const setGoal = route({
  method: 'POST',
  path: '/v1/goals',
  scope: 'sales/goals.write',
  summary: 'Set a goal',
  description:
    'On any KPI of the organization, a team or a rep. Milestones that the numbers have passed already are recorded, and mailed to nobody.',
  status: 201,
  idempotent: true,
  body: NewGoal,
  example: {
    name: 'Pasta sales up by a fifth',
    scope: 'org',
    kpi: 'wonRevenue',
    period: '2027-Q1',
    target: { growth: 0.2, over: 'previous' },
    milestones: [25, 50, 75, 100],
  },
  response: GoalView,
  async handle(request, deps: GoalsDeps) {
    const { store, buckets, clock } = deps;
    const { target, direction, ...body } = request.body;
    const access = await deps.access();
    const organization = settingsOf(access);
    assertReferences(body, access.directory);
    const scope = parseScope(body.scope);
    if (scope === undefined)
      throw new Unprocessable(`Goals can’t be set for ${body.scope}.`, [
        { path: '/scope', message: 'must be org, team:team_… or rep:mem_…' },
      ]);
    access.assertMaySet(scope);
    const period = runningPeriod(body.period, organization, access.today);
    const frozen = await targetOf({ ...body, period, target, direction }, organization, buckets);
    const draft = {
      ...body,
      ...frozen,
      id: idOfNew(GoalId, request, clock),
      from: period.from,
      to: period.to,
      ownerId: body.ownerId ?? defaultOwner(scope, access.directory),
    };
    const create = async (goal: Goal, _events: [], { requestHash }: { readonly requestHash?: string }) =>
      untilUnmoved(async () => {
        const { sequence } = await store.watches.of(goal.scope);
        const first = await firstLook(goal, organization, deps);
        return store.create(first.goal, first.alert, { sequence, requestHash });
      });
    return createOnce({ create }, createGoal(draft, clock.now()), request, []);
  },
});

export const listGoals = route({
  method: 'GET',
  path: '/v1/goals',
  scope: 'sales/goals.read',
  summary: 'List goals, newest first',
  query: pageQuery.extend({
    scope: z.string().optional().describe('As the goal has it: org, team:team_… or rep:mem_….'),
    kpi: KpiId.optional(),
    period: z.string().optional().describe('As the goal has it: 2027-Q1.'),
    ownerId: MemberId.optional(),
    status: z.enum(['active', 'cancelled']).optional(),
  }),
  response: page(GoalView),
  async handle({ query }, { store, access }: GoalsDeps) {
    const { limit, cursor: _cursor, ...filters } = query;
    const binding = { list: 'goals', ...filters };
    const seen = await access();
    const wanted = Object.entries(filters).filter(([, value]) => value !== undefined);
    const { items, lastKey } = await visiblePage(store.goals, {
      index: filters.scope === undefined ? 'gsi1' : 'gsi2',
      pk: filters.scope === undefined ? allGoals : goalsOf(filters.scope),
      limit,
      cursor: positionOf(query, binding),
      isWanted: (goal) =>
        seen.maySee(goal) && wanted.every(([name, value]) => goal[name as keyof typeof filters] === value),
    });
    return pageOf(items, lastKey, binding);
  },
});

export const getGoal = route({
  method: 'GET',
  path: '/v1/goals/{id}',
  scope: 'sales/goals.read',
  summary: 'Get a goal',
  params,
  response: GoalView,
  async handle({ params: { id } }, { store, access }: GoalsDeps) {
    const goal = await store.goals.get(id);
    (await access()).assertVisible(goal, `goal ${id}`);
    return goal;
  },
});

export const changeGoal = route({
  method: 'PATCH',
  path: '/v1/goals/{id}',
  scope: 'sales/goals.write',
  summary: 'Change a goal',
  description:
    'Another target or other milestones begin a new revision: what the numbers have passed by then is recorded, and mailed to nobody. Scope, KPI and period stay: set another goal for those.',
  params,
  body: ChangedGoal,
  example: { name: 'Autumn revenue' },
  response: GoalView,
  async handle({ params: { id }, body, ifMatch }, deps: GoalsDeps) {
    const { store, buckets } = deps;
    const access = await deps.access();
    const organization = settingsOf(access);
    return untilUnmoved(async () => {
      const goal = await store.goals.get(id);
      access.assertChangeable(goal, `goal ${id}`);
      assertVersion(goal, ifMatch, `goal ${id}`);
      assertReferences(body, access.directory);
      const { sequence } = await store.watches.of(goal.scope);
      const target =
        body.target === undefined
          ? undefined
          : await targetOf(
              { ...goal, period: periodOfGoal(goal), target: body.target },
              organization,
              buckets,
            );
      const edited = editGoal(goal, { ...body, target });
      const first =
        edited.revision === goal.revision ? { goal: edited } : await firstLook(edited, organization, deps);
      return store.change(first.goal, first.alert, sequence);
    });
  },
});

export const cancel = route({
  method: 'DELETE',
  path: '/v1/goals/{id}',
  scope: 'sales/goals.write',
  summary: 'Cancel a goal',
  description: 'It stays to be read, with its ledger, and is followed no more.',
  status: 204,
  params,
  response: NoContent,
  async handle({ params: { id }, ifMatch }, deps: GoalsDeps) {
    const { store } = deps;
    const access = await deps.access();
    await untilUnmoved(async () => {
      const goal = await store.goals.get(id);
      access.assertChangeable(goal, `goal ${id}`);
      assertVersion(goal, ifMatch, `goal ${id}`);
      if (goal.status === 'cancelled') return goal;
      const { sequence } = await store.watches.of(goal.scope);
      return store.change(cancelGoal(goal), undefined, sequence);
    });
  },
});
