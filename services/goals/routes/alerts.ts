import * as z from 'zod';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { GoalId } from '../../../shared/ids/id.ts';
import { Alert } from '../domain/alert.ts';
import { alertsOf, allAlerts } from '../store/entities.ts';
import type { GoalsDeps } from './goals-deps.ts';
import { visiblePage } from '../../../shared/dynamodb/visible-page.ts';

const AlertView = z.object({ ...Alert.shape, version: z.int() }).meta({ id: 'Alert' });

export const listGoalAlerts = route({
  method: 'GET',
  path: '/v1/goals/{id}/alerts',
  via: '/v1/goals/{id}/{view}',
  scope: 'sales/goals.read',
  summary: 'List a goal’s alerts, newest first',
  description: 'The ledger: what was crossed, with the figures of that moment, and what became of each mail.',
  params: z.object({ id: GoalId }),
  query: pageQuery,
  response: page(AlertView),
  async handle({ params: { id }, query }, { store, access: accessOf }: GoalsDeps) {
    const [goal, access] = await Promise.all([store.goals.get(id), accessOf()]);
    access.assertVisible(goal, `goal ${id}`);
    const binding = { list: 'alerts', goal: id };
    const { items, lastKey } = await store.alerts.queryIndex('gsi2', alertsOf(id), {
      limit: query.limit,
      cursor: positionOf(query, binding),
      descending: true,
    });
    return pageOf(items, lastKey, binding);
  },
});

export const listAlerts = route({
  method: 'GET',
  path: '/v1/alerts',
  scope: 'sales/goals.read',
  summary: 'List the alerts of all goals that the caller may see, newest first',
  query: pageQuery.extend({ state: Alert.shape.state.optional() }),
  response: page(AlertView),
  async handle({ query }, { store, access: accessOf }: GoalsDeps) {
    const access = await accessOf();
    const { state } = query;
    const binding = { list: 'all-alerts', state };
    const { items, lastKey } = await visiblePage(store.alerts, {
      index: 'gsi1',
      pk: allAlerts,
      limit: query.limit,
      cursor: positionOf(query, binding),
      isWanted: (alert) => access.maySee(alert) && (state === undefined || alert.state === state),
    });
    return pageOf(items, lastKey, binding);
  },
});
