import type { MemberState, Role } from '../../../shared/events/team.ts';

/** What the user of a member is to be. `closed` stays and opens nothing; `gone` is deleted. */
export type WantedUser =
  | { readonly kind: 'open'; readonly email: string; readonly role: Role }
  | { readonly kind: 'closed' }
  | { readonly kind: 'gone' };

/** Who is present and has an address signs in. Of someone who left and was erased, no user is kept either. */
export const wantedUser = ({ status, email, role }: MemberState): WantedUser => {
  if (status === 'active') return email === undefined ? { kind: 'closed' } : { kind: 'open', email, role };
  return { kind: email === undefined ? 'gone' : 'closed' };
};
