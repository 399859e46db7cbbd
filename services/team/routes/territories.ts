import * as z from 'zod';
import { territoryPath } from '../../../shared/directory/rules.ts';
import { TerritoryChanged, TerritoryState } from '../../../shared/events/team.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { withChanges } from '../domain/changes.ts';
import { Name } from '../domain/name.ts';
import { assertNoContradiction, Rules } from '../domain/territory-rules.ts';
import { assertNoCycle } from '../domain/tree.ts';
import { TERRITORIES } from '../store/entities.ts';
import type { TeamDeps } from './deps.ts';
import { assertKnown } from './references.ts';

const Territory = TerritoryState.extend({ version: z.int() }).meta({ id: 'Territory' });
const params = z.object({ id: TerritoryId });
const ownerIds = z.array(MemberId).max(50).describe('Whom the territory’s accounts and deals belong to.');

interface Links {
  readonly managerId?: MemberId | null | undefined;
  readonly parentTerritoryId?: TerritoryId | null | undefined;
  readonly ownerIds?: readonly MemberId[] | undefined;
}

const assertLinks = async (links: Links, { members, territories }: TeamDeps) => {
  const findMember = async (id: string) => members.find(id);
  return assertKnown([
    { path: '/managerId', what: 'member', id: links.managerId, find: findMember },
    {
      path: '/parentTerritoryId',
      what: 'territory',
      id: links.parentTerritoryId,
      find: async (id) => territories.find(id),
    },
    ...(links.ownerIds ?? []).map((id, index) => ({
      path: `/ownerIds/${String(index)}`,
      what: 'member',
      id,
      find: findMember,
    })),
  ]);
};

const all = async ({ territories }: TeamDeps): Promise<readonly TerritoryState[]> =>
  (await territories.queryIndex('gsi1', TERRITORIES)).items;

export const createTerritory = route({
  method: 'POST',
  path: '/v1/territories',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Create a territory',
  body: z.strictObject({
    name: Name,
    parentTerritoryId: TerritoryId.optional(),
    managerId: MemberId.optional(),
    ownerIds: ownerIds.default([]),
    rules: Rules.optional(),
  }),
  example: {
    name: 'Romagna',
    rules: [{ priority: 10, countries: ['Italy'], postalCodePrefixes: ['47', '48'] }],
  },
  response: Territory,
  status: 201,
  idempotent: true,
  async handle(request, deps: TeamDeps) {
    const { body } = request;
    await assertLinks(body, deps);
    const id = idOfNew(TerritoryId, request, deps.clock);
    const territory = withChanges<TerritoryState>({ id, name: body.name, ownerIds: body.ownerIds }, body);
    if (body.rules !== undefined) assertNoContradiction(territory, await all(deps));
    return createOnce(deps.territories, territory, request, TerritoryChanged);
  },
});

export const listTerritories = route({
  method: 'GET',
  path: '/v1/territories',
  scope: 'sales/team.read',
  summary: 'List territories by name',
  query: pageQuery,
  response: page(Territory),
  async handle({ query }, { territories }: TeamDeps) {
    const binding = { list: 'territories' };
    const cursor = positionOf(query, binding);
    const { items, lastKey } = await territories.queryIndex('gsi1', TERRITORIES, {
      limit: query.limit,
      cursor,
    });
    return pageOf(items, lastKey, binding);
  },
});

export const getTerritory = route({
  method: 'GET',
  path: '/v1/territories/{id}',
  scope: 'sales/team.read',
  summary: 'Get a territory',
  params,
  response: Territory,
  handle: async (request, { territories }: TeamDeps) => territories.get(request.params.id),
});

export const changeTerritory = route({
  method: 'PATCH',
  path: '/v1/territories/{id}',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Rename a territory, move it below another, or give it a manager, owners or rules',
  description: 'Null empties a field. Rules are replaced as a whole.',
  params,
  body: z.strictObject({
    name: Name.optional(),
    parentTerritoryId: TerritoryId.nullable().optional(),
    managerId: MemberId.nullable().optional(),
    ownerIds: ownerIds.optional(),
    rules: Rules.nullable().optional(),
  }),
  example: { name: 'The coast' },
  response: Territory,
  async handle(request, deps: TeamDeps) {
    const { body, ifMatch } = request;
    const territory = await deps.territories.get(request.params.id, { ifMatch });
    await assertLinks(body, deps);
    const territories = await all(deps);
    const known = new Map(territories.map((each) => [each.id, each]));
    assertNoCycle(territory.id, body.parentTerritoryId, {
      pathOf: (id) => territoryPath(known, id),
      field: '/parentTerritoryId',
    });
    const changed = withChanges(territory, body);
    if (body.rules) assertNoContradiction(changed, territories);
    return deps.territories.save(changed, TerritoryChanged);
  },
});
