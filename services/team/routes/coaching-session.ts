import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { maySee, type Ownership } from '../../../shared/auth/visibility.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import { CoachingSessionId } from '../../../shared/ids/id.ts';
import type { Access } from '../access.ts';
import { CoachingSession } from '../domain/coaching.ts';
import { CoachingSessions } from '../store/coaching.ts';
import type { TeamDeps } from './deps.ts';

/** A session as the routes answer it. */
export const CoachingSessionView = CoachingSession.omit({ requests: true })
  .extend({ version: z.int() })
  .meta({ id: 'CoachingSession' });

export const sessionParams = z.object({ id: CoachingSessionId });

const ownershipOf = async (session: CoachingSession, access: Access): Promise<Ownership> => ({
  ...(await access.ownershipOf(session.memberId)),
  participantIds: [session.coachId],
});

/** The member, the coach, whoever manages the member, and admins. */
export const seesSession = async (session: CoachingSession, access: Access): Promise<boolean> =>
  maySee(await access.viewer(), await ownershipOf(session, access));

/** The coach, whoever manages the member, and admins; nobody keeps the notes on themselves. */
export const keepsSession = async (
  { memberId, coachId }: CoachingSession,
  access: Access,
): Promise<boolean> => {
  const { actor } = access;
  const isCoach = actor.kind === 'member' && actor.id === coachId;
  return (isCoach && coachId !== memberId) || access.mayManage(memberId);
};

/** Throws NotFound for a session that is not there, and alike for one that may not be seen. */
export const visibleSession = async (
  id: CoachingSessionId,
  { table, cause, access }: Pick<TeamDeps, 'table' | 'cause' | 'access'>,
): Promise<{ readonly sessions: CoachingSessions; readonly session: Stored<CoachingSession> }> => {
  const sessions = new CoachingSessions(table, cause);
  const session = await sessions.repository.find(id);
  if (session === undefined || !(await seesSession(session, access)))
    throw new NotFound(`coaching session ${id}`);
  return { sessions, session };
};

/** Throws Forbidden. */
export const assertKeeps = async (session: CoachingSession, access: Access): Promise<void> => {
  if (await keepsSession(session, access)) return;
  throw new Forbidden(
    'Only the coach, whoever manages the member, and admins may change a coaching session.',
  );
};
