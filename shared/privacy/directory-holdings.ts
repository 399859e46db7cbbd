import type { Directory } from '../directory/directory.ts';
import type { PersonalDataRequest } from '../events/privacy.ts';
import { MemberId } from '../ids/id.ts';
import type { PersonalHoldings } from './personal-data-job.ts';

/**
 * Of a service that knows members by its copy of team’s alone. Team erases the member last, and tells so: every copy is
 * replaced by that event, as by any other.
 */
export const directoryHoldings = (
  directory: Directory,
  collectMore: (request: PersonalDataRequest) => Promise<Readonly<Record<string, unknown>>> = async () =>
    Promise.resolve({}),
): PersonalHoldings => {
  const memberOf = async ({ kind, subjectId }: PersonalDataRequest) => {
    const id = MemberId.safeParse(subjectId);
    return kind === 'member' && id.success ? directory.member(id.data) : undefined;
  };
  return {
    termsOf: async (request) => {
      const member = await memberOf(request);
      return [request.subjectId, member?.name, member?.email].filter((term) => term !== undefined);
    },
    erase: async () => Promise.resolve({}),
    collect: async (request) => ({ member: await memberOf(request), ...(await collectMore(request)) }),
  };
};
