import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopes } from '../../shared/auth/scopes.ts';
import type { AnyRoute } from '../../shared/http/route.ts';
import { declaredRoutes } from '../support/declared-routes.ts';
import { callWith } from '../support/http-calls.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { makePeopleWorld } from './access/people-world.ts';
import type { Row } from './access/row.ts';
import { exampleIn } from './access/example.ts';
import { rows } from './access/rows.ts';
import {
  emails,
  makeWorld,
  people,
  type Person,
  type Target,
  targets,
  type WholeWorld,
} from './access/world.ts';

const guarded = declaredRoutes.filter(({ scope }) => scope !== null);
const allScopes = Object.keys(scopes);

/** No version is this one: whoever is let in is told so by a 412, and nothing is changed. */
const STALE = { 'if-match': '"999999999"' };

/** Examples that are right on a day or for a person that this world does not have; what is said of them instead. */
const DEPENDING: Readonly<Record<string, number>> = {
  'PUT /v1/members/{id}/absences/{from}': 422,
  'POST /v1/reviews/{id}/acknowledge': 403,
};

describe('every route', () => {
  it('has a row that says who may what, and every row is of a route', () => {
    expect(Object.keys(rows).toSorted()).toEqual(guarded.map(({ routeKey }) => routeKey).toSorted());
  });
});

describe('who may what, through the gateway of a local run', () => {
  let run: LocalRun;
  let world: WholeWorld;
  let expired: string;
  let forged: string;
  const clients = new Map<string, string>();

  beforeAll(async () => {
    run = await startLocalRun();
    const sales = await makeWorld(run);
    world = { ...sales, ...(await makePeopleWorld(run, sales)) };
    expired = await run.memberToken(emails.admin);
    // A person's token lives five minutes.
    await run.clock(new Date(Date.now() + 10 * 60_000).toISOString());
    forged = await run.forgedToken();
    for (const scope of allScopes) clients.set(scope, await run.clientToken([scope]));
  });
  afterAll(async () => {
    await run.stop();
  });

  const call = async (route: AnyRoute, row: Row, token: string, target: Target): Promise<number> => {
    const path = row.path?.(world, target) ?? route.path;
    const body = row.body?.(world, target);
    const { status } = await callWith(token, route.method, run.url + path, body, STALE);
    return status;
  };

  /** `+`, `-` or `x`, as a row says it; any other answer is told as it is. */
  const rightOf = (status: number, { letIn = [] }: Row): string => {
    if ((status >= 200 && status < 300) || status === 412 || letIn.includes(status)) return '+';
    if (status === 404) return '-';
    return status === 403 ? 'x' : `(${String(status)})`;
  };

  const tokenOf = async (person: Person): Promise<string> => run.memberToken(emails[person]);

  describe.each(guarded.map((route) => [route.routeKey, route] as const))('%s', (key, route) => {
    const row = rows[key];
    if (row === undefined) return;

    it('opens to people by their role and whose it is', async () => {
      const found: string[] = [];
      for (const person of people) {
        const token = await tokenOf(person);
        let rights = '';
        for (const target of targets) rights += rightOf(await call(route, row, token, target), row);
        found.push(rights);
      }
      expect(found.join(' ')).toBe(row.rights);
    });

    it('opens to systems that have its scope, and to no other', async () => {
      const opened: string[] = [];
      for (const [scope, token] of clients) {
        const right = rightOf(await call(route, row, token, 'foreign'), row);
        if (right !== 'x') opened.push(`${scope}${right}`);
      }
      expect(opened).toEqual(row.client === 'x' ? [] : [`${String(route.scope)}+`]);
    });

    it('is shut without a token, with an expired one and with another issuer’s', async () => {
      const path = row.path?.(world, 'own') ?? route.path;
      const none = await fetch(run.url + path, { method: route.method });
      expect(none.status).toBe(401);
      for (const token of [expired, forged]) expect(await call(route, row, token, 'own')).toBe(401);
    });
  });

  /** The documentation's bodies, with what is in this world in the place of the ids that they make up. */
  it.each(
    guarded
      .flatMap((route) => (route.example === undefined ? [] : [[route.routeKey, route] as const]))
      // Whoever has left can be given no more training, and the like.
      .toSorted(([a], [b]) => Number(a.endsWith('/depart')) - Number(b.endsWith('/depart'))),
  )('%s takes the body that its documentation shows', async (key, route) => {
    const path = rows[key]?.path?.(world, 'own') ?? route.path;
    const { status, body } = await callWith(
      await tokenOf('admin'),
      route.method,
      run.url + path,
      exampleIn(world, route.example),
    );
    // What an example asks for may not fit the state that this very record is in.
    const isTaken =
      (status >= 200 && status < 300) ||
      status === 409 ||
      rows[key]?.letIn?.includes(status) === true ||
      DEPENDING[key] === status;
    expect(isTaken ? 'taken' : `${String(status)} ${JSON.stringify(body)}`).toBe('taken');
  });
});
