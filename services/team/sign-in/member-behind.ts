import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { MemberState } from '../../../shared/events/team.ts';
import type { Members } from '../store/members.ts';
import type { SignIns } from '../store/sign-ins.ts';

/**
 * Whom an address names to this user. A user that is someone's becomes no one else by an address that changed hands before
 * the users followed; one that was made by hand is nobody's yet, and its address decides.
 */
export const memberBehind = async (
  { username, email }: { readonly username: string; readonly email: string },
  { members, signIns }: { readonly members: Members; readonly signIns: SignIns },
): Promise<Stored<MemberState> | undefined> => {
  const [member, ownerId] = await Promise.all([members.findByEmail(email), signIns.ownerOf(username)]);
  return ownerId === undefined || ownerId === member?.id ? member : undefined;
};
