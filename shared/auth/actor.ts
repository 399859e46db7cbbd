import * as z from 'zod';
import { Forbidden } from '../errors/errors.ts';
import type { Actor as EventActor } from '../events/contract.ts';
import { Role } from '../events/team.ts';
import { MemberId } from '../ids/id.ts';

/** Who makes a request: a person, a system with client credentials, or anyone on an open route. */
export type Actor =
  | { readonly kind: 'member'; readonly id: MemberId; readonly role: Role }
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'open' };

/** Admins, and systems whose clients were granted the scope: what concerns the whole organization is theirs. */
export const administers = (actor: Actor): boolean =>
  actor.kind === 'client' || (actor.kind === 'member' && actor.role === 'admin');

/** The actor as events and logs name it. An open route's caller has no name: what it causes, the system causes. */
export const actorText = (actor: Actor): EventActor => {
  switch (actor.kind) {
    case 'member':
      return z.templateLiteral(['mem_', z.string()]).parse(actor.id);
    case 'client':
      return `client:${actor.id}`;
    case 'open':
      return 'system';
  }
};

const MemberClaims = z.object({ member_id: MemberId, role: Role });
const ClientClaims = z.object({ client_id: z.string().min(1), member_id: z.undefined().optional() });

/**
 * The actor of a token that the gateway has verified. Throws Forbidden if its claims name no member with a role and
 * no client: a person that nobody has made a member of the organization yet.
 */
export const actorOf = (claims: Readonly<Record<string, unknown>>): Actor => {
  const member = MemberClaims.safeParse(claims);
  if (member.success) return { kind: 'member', id: member.data.member_id, role: member.data.role };
  const client = ClientClaims.safeParse(claims);
  // Cognito puts `username` into a person's access token only; client credentials have a client and nobody behind it.
  if (client.success && claims.username === undefined) return { kind: 'client', id: client.data.client_id };
  throw new Forbidden('The token names no member of this organization.');
};

/** The scopes of a verified token: one string, separated by spaces (RFC 8693, 4.2). */
export const scopesOf = (claims: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(typeof claims.scope === 'string' ? claims.scope.split(' ') : []);
