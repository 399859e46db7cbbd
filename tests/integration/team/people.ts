import { expect } from 'vitest';
import { roleScopes } from '../../../shared/auth/role-scopes.ts';
import type { Role } from '../../../shared/events/team.ts';
import type { ApiAnswer } from '../../support/call-api.ts';
import type { TeamService } from './team-service.ts';

/** The claims of a member's token. */
const claimsOf = (id: string, role: Role) => ({
  member_id: id,
  role,
  username: id,
  scope: roleScopes[role].join(' '),
});

/** Makes what is posted, and answers its id. */
export const made = async (service: TeamService, path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return String(answer.body.id);
};

export interface Colleague {
  readonly id: string;
  /** Calls a route as this member. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
}

const colleague = async (
  service: TeamService,
  name: string,
  role: Role,
  teamId?: string,
): Promise<Colleague> => {
  const id = await made(service, '/v1/members', { name, role, teamId });
  return {
    id,
    call: async (method, path, body, headers = {}) =>
      service.call(method, path, body, { headers, claims: claimsOf(id, role) }),
  };
};

/** Two teams: Mia manages North with the reps Ada and Bob, Sam manages South with the rep Zoe. */
export const twoTeams = async (service: TeamService) => {
  const north = await made(service, '/v1/teams', { name: 'North' });
  const south = await made(service, '/v1/teams', { name: 'South' });
  const mia = await colleague(service, 'Mia', 'manager', north);
  const sam = await colleague(service, 'Sam', 'manager', south);
  await service.call('PATCH', `/v1/teams/${north}`, { managerId: mia.id });
  await service.call('PATCH', `/v1/teams/${south}`, { managerId: sam.id });
  return {
    north,
    south,
    mia,
    sam,
    ada: await colleague(service, 'Ada', 'rep', north),
    bob: await colleague(service, 'Bob', 'rep', north),
    zoe: await colleague(service, 'Zoe', 'rep', south),
  };
};

export const idsIn = ({ body }: ApiAnswer): string[] => (body.items as { id: string }[]).map(({ id }) => id);
