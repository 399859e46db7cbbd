import { describe, expect, test } from 'vitest';
import { actorOf, actorText, scopesOf } from '../../../shared/auth/actor.ts';
import { Forbidden } from '../../../shared/errors/errors.ts';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';

const id = derivedId(MemberId, 'ada');

describe('the actor of a token', () => {
  test('is the member it names, with the role', () => {
    const actor = actorOf({ member_id: id, role: 'manager', client_id: 'web', username: 'ada' });
    expect(actor).toEqual({ kind: 'member', id, role: 'manager' });
    expect(actorText(actor)).toBe(id);
  });

  test('is the client when there is nobody behind it', () => {
    const actor = actorOf({ client_id: 'erp' });
    expect(actor).toEqual({ kind: 'client', id: 'erp' });
    expect(actorText(actor)).toBe('client:erp');
  });

  test.each([
    ['a person who is no member', { client_id: 'web', username: 'eve' }],
    ['a role we don’t have', { member_id: id, role: 'owner', client_id: 'web' }],
    ['a malformed member id', { member_id: 'eve', role: 'admin', client_id: 'web' }],
    ['nothing', {}],
  ])('is refused for %s', (_, claims) => {
    expect(() => actorOf(claims)).toThrow(Forbidden);
  });

  test('is the system to events caused on an open route', () => {
    expect(actorText({ kind: 'open' })).toBe('system');
  });
});

test('scopes are one string, separated by spaces', () => {
  expect([...scopesOf({ scope: 'sales/deals.read sales/admin' })]).toEqual([
    'sales/deals.read',
    'sales/admin',
  ]);
  expect(scopesOf({}).size).toBe(0);
});
