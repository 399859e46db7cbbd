import type { Role } from '../events/team.ts';
import { scopes, type Scope } from './scopes.ts';

const rep = [
  'sales/team.read',
  'sales/team.write',
  'sales/deals.read',
  'sales/deals.write',
  'sales/goals.read',
  'sales/metrics.read',
] as const satisfies readonly Scope[];

/** What a person's token is good for, by role. Which objects it is good for is visibility.ts's to say. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  rep,
  manager: [...rep, 'sales/goals.write'],
  admin: Object.keys(scopes) as Scope[],
};
