import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTeamService, type TeamService, TODAY } from './team-service.ts';

let service: TeamService;
beforeAll(async () => {
  service = await startTeamService();
});
afterAll(async () => service.stop());

const made = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status).toBe(201);
  return String(answer.body.id);
};
const depart = async (id: string, reassignTo?: string) =>
  service.call('POST', `/v1/members/${id}/depart`, { on: TODAY, reassignTo });

describe('a departure', () => {
  it('hands the member’s teams to another manager, in the same step', async () => {
    const lena = await made('/v1/members', { name: 'Lena', role: 'manager' });
    const rep = await made('/v1/members', { name: 'Rosa' });
    const heir = await made('/v1/members', { name: 'Marco', role: 'manager' });
    const north = await made('/v1/teams', { name: 'North', managerId: lena });
    const south = await made('/v1/teams', { name: 'South', managerId: lena });
    const nobody = await depart(lena);
    expect(nobody.status).toBe(409);
    expect(nobody.body.detail).toContain(north);
    expect(nobody.body.detail).toContain(south);
    expect((await depart(lena, rep)).status).toBe(409);
    await service.events();

    expect((await depart(lena, heir)).status).toBe(200);
    const told = (await service.events()).map(({ detailType }) => detailType);
    expect(told.toSorted()).toEqual(['MemberDeparted.v1', 'TeamChanged.v1', 'TeamChanged.v1']);
    for (const team of [north, south])
      expect((await service.call('GET', `/v1/teams/${team}`)).body).toMatchObject({ managerId: heir });
    expect((await depart(lena, heir)).status).toBe(409);
  });

  it('hands territories on, or leaves them to the owners that remain', async () => {
    const [owner, other, heir] = [
      await made('/v1/members', { name: 'Owner' }),
      await made('/v1/members', { name: 'Other' }),
      await made('/v1/members', { name: 'Heir' }),
    ];
    const alps = await made('/v1/territories', { name: 'Alps', managerId: owner, ownerIds: [owner, other] });
    expect((await depart(owner, heir)).status).toBe(200);
    const passed = await service.call('GET', `/v1/territories/${alps}`);
    expect(passed.body).toMatchObject({ managerId: heir, ownerIds: [heir, other] });
    expect((await depart(heir)).status).toBe(200);
    const emptied = await service.call('GET', `/v1/territories/${alps}`);
    expect(emptied.body).toMatchObject({ ownerIds: [other] });
    expect(emptied.body).not.toHaveProperty('managerId');
  });

  it('names an owner once where the heir owned the territory already', async () => {
    const [owner, heir] = [
      await made('/v1/members', { name: 'First' }),
      await made('/v1/members', { name: 'Second' }),
    ];
    const coast = await made('/v1/territories', { name: 'Coast', ownerIds: [owner, heir] });
    await depart(owner, heir);
    expect((await service.call('GET', `/v1/territories/${coast}`)).body).toMatchObject({ ownerIds: [heir] });
  });

  it('takes more than one transaction where very much hangs on the member', async () => {
    const [owner, heir] = [
      await made('/v1/members', { name: 'Landlord' }),
      await made('/v1/members', { name: 'Successor' }),
    ];
    for (let n = 0; n < 101; n += 1)
      await made('/v1/territories', { name: `Lot ${String(n)}`, ownerIds: [owner] });
    await service.events();
    expect((await depart(owner, heir)).status).toBe(200);
    expect(await service.events()).toHaveLength(102);
  });

  it('has an heir who is there, and is someone else', async () => {
    const [id, gone] = [
      await made('/v1/members', { name: 'Leaver' }),
      await made('/v1/members', { name: 'Gone' }),
    ];
    expect((await depart(gone)).status).toBe(200);
    for (const heir of [id, gone, 'mem_01JD0000000000000000000000'])
      expect(await depart(id, heir)).toMatchObject({
        status: 422,
        body: { errors: [{ path: '/reassignTo' }] },
      });
    expect((await service.call('GET', `/v1/members/${id}`)).body).toMatchObject({ status: 'active' });
  });
});
