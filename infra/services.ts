import { routes as dealsRoutes } from '../services/deals/api.ts';
import * as dealsSubscriptions from '../services/deals/subscriptions.ts';
import { routes as goalsRoutes } from '../services/goals/api.ts';
import * as goalsSubscriptions from '../services/goals/subscriptions.ts';
import { routes as metricsRoutes } from '../services/metrics/api.ts';
import * as metricsSubscriptions from '../services/metrics/subscriptions.ts';
import { routes as teamRoutes } from '../services/team/api.ts';
import * as teamSubscriptions from '../services/team/subscriptions.ts';
import type { ServiceName } from '../shared/events/contract.ts';
import type { Subscription } from '../shared/events/subscription.ts';
import type { AnyRoute } from '../shared/http/route.ts';

/** What a service declares of itself, and the stack is made from. */
export interface ServiceDeclaration {
  readonly name: ServiceName;
  readonly routes: readonly AnyRoute[];
  readonly subscriptions: readonly Subscription[];
}

const team: ServiceDeclaration = {
  name: 'team',
  routes: teamRoutes,
  subscriptions: Object.values(teamSubscriptions).flat(),
};
const deals: ServiceDeclaration = {
  name: 'deals',
  routes: dealsRoutes,
  subscriptions: Object.values(dealsSubscriptions).flat(),
};
const metrics: ServiceDeclaration = {
  name: 'metrics',
  routes: metricsRoutes,
  subscriptions: Object.values(metricsSubscriptions).flat(),
};
const goals: ServiceDeclaration = {
  name: 'goals',
  routes: goalsRoutes,
  subscriptions: Object.values(goalsSubscriptions).flat(),
};

export const declared = { team, deals, metrics, goals } as const satisfies Record<
  ServiceName,
  ServiceDeclaration
>;

export const services: readonly ServiceDeclaration[] = Object.values(declared);
