import * as z from 'zod';
import type { Callable } from './system.ts';

const Created = z.object({ id: z.string() });

/** POSTs and answers the id of what was made; fails with the problem where there is one. */
export const create = async (run: Callable, path: string, body: object): Promise<string> => {
  const response = await run.request('POST', path, body);
  if (response.status !== 201)
    throw new Error(`POST ${path}: ${response.status} ${JSON.stringify(response.body)}`);
  return Created.parse(response.body).id;
};

export interface SalesOrganization {
  readonly teamId: string;
  readonly managerId: string;
  readonly managerEmail: string;
  readonly repId: string;
  readonly repEmail: string;
}

/** One team of PastaPro with its manager and a rep, known to every service. */
export const salesOrganization = async (
  run: Callable,
  { reportingCurrency = 'USD' }: { readonly reportingCurrency?: string } = {},
): Promise<SalesOrganization> => {
  const organization = await run.request('PUT', '/v1/organization', {
    name: 'PastaPro',
    reportingCurrency,
    timeZone: 'America/New_York',
    fiscalYearStartMonth: 1,
    businessDays: [1, 2, 3, 4, 5],
    paceThresholds: { ahead: 1.1, onTrack: 0.95, atRisk: 0.8 },
  });
  if (organization.status !== 200) throw new Error(JSON.stringify(organization.body));
  const teamId = await create(run, '/v1/teams', { name: 'Northeast' });
  const managerEmail = 'giulia.conti@pastapro.example';
  const managerId = await create(run, '/v1/members', {
    name: 'Giulia Conti',
    email: managerEmail,
    role: 'manager',
    teamId,
    startedOn: '2024-01-08',
  });
  const repEmail = 'marco.bruno@pastapro.example';
  const repId = await create(run, '/v1/members', {
    name: 'Marco Bruno',
    email: repEmail,
    role: 'rep',
    teamId,
    startedOn: '2025-03-03',
  });
  const team = await run.request('PATCH', `/v1/teams/${teamId}`, { managerId });
  if (team.status !== 200) throw new Error(JSON.stringify(team.body));
  await run.idle();
  return { teamId, managerId, managerEmail, repId, repEmail };
};

/** Opens a deal and wins it now; answers its id. `amount` is in cents of USD. */
export const winDeal = async (
  run: Callable,
  ownerId: string,
  name: string,
  amount: number,
): Promise<string> => {
  const id = await create(run, '/v1/deals', { name, ownerId, amount: { amount, currency: 'USD' } });
  const won = await run.request('POST', `/v1/deals/${id}/win`, {});
  if (won.status !== 200) throw new Error(JSON.stringify(won.body));
  return id;
};
