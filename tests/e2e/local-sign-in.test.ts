import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callWith } from '../support/http-calls.ts';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';
import { salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';

/** One route of each service that every member may read. */
const readable = ['/v1/members', '/v1/deals', '/v1/kpis', '/v1/goals'];

const Answer = z.object({ access_token: z.string().optional(), error: z.string().optional() });

describe('signing in to the local run', () => {
  let run: LocalRun;
  let sales: SalesOrganization;

  beforeAll(async () => {
    run = await startLocalRun();
    sales = await salesOrganization(run);
  });
  afterAll(async () => {
    await run.stop();
  });

  const ask = async (form: Readonly<Record<string, string>>) => {
    const response = await fetch(`${run.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    return { status: response.status, ...Answer.parse(await response.json()) };
  };
  const password = async (username: string) => ask({ grant_type: 'password', username });
  const operations = {
    grant_type: 'client_credentials',
    client_id: 'operations',
    client_secret: 'operations',
  };
  const statuses = async (token: string) =>
    Promise.all(readable.map(async (path) => (await callWith(token, 'GET', run.url + path)).status));

  it('begins with a mail that invites whoever became a member', async () => {
    const mails = await run.mail();
    expect(mails.map(({ to }) => to[0]).toSorted()).toEqual([sales.managerEmail, sales.repEmail].toSorted());
    const mail = mails.find(({ to }) => to.includes(sales.repEmail));
    expect(mail?.subject).toBe('Your invitation to Quotaline');
    expect(mail?.text).toContain(`as ${sales.repEmail} with the temporary password `);
  });

  it('gives an integration what it is declared with, and no more', async () => {
    const { access_token: token = '' } = await ask({ ...operations, scope: 'sales/deals.read' });
    expect(await statuses(token)).toEqual([403, 200, 403, 403]);
    expect(await ask({ ...operations, scope: 'sales/everything' })).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
    expect(await ask({ ...operations, client_secret: 'guessed' })).toEqual({
      status: 400,
      error: 'invalid_client',
    });
  });

  it('ends at once for whoever leaves, in every service', async () => {
    const { access_token: token = '' } = await password(sales.repEmail);
    expect(await statuses(token)).toEqual([200, 200, 200, 200]);
    const on = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect((await run.request('POST', `/v1/members/${sales.repId}/depart`, { on })).status).toBe(200);
    await run.idle();
    expect(await statuses(token)).toEqual([403, 403, 403, 403]);
    expect(await password(sales.repEmail)).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('goes by the new address once a member has another, with no second invitation', async () => {
    const mails = (await run.mail()).length;
    const email = 'giulia.bianchi@pastapro.example';
    expect((await run.request('PATCH', `/v1/members/${sales.managerId}`, { email })).status).toBe(200);
    await run.idle();
    expect(await password(sales.managerEmail)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await password(email)).toMatchObject({ status: 200 });
    expect(await run.mail()).toHaveLength(mails);
    sales = { ...sales, managerEmail: email };
  });

  it('holds for five minutes of the local clock', async () => {
    const { access_token: token = '' } = await password(sales.managerEmail);
    const at = async (seconds: number) => run.clock(new Date(begin + seconds * 1000).toISOString());
    const begin = Date.now();
    await at(240);
    expect(await statuses(token)).toEqual([200, 200, 200, 200]);
    await at(301);
    expect(await statuses(token)).toEqual([401, 401, 401, 401]);
  });
});
