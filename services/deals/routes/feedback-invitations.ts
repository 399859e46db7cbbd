import * as z from 'zod';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { FeedbackInvited } from '../../../shared/events/feedback.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { Day } from '../../../shared/time/instant.ts';
import { AskedCount, FeedbackInvitation, invitationIdOf, invitationOf } from '../domain/feedback.ts';
import { FEEDBACK_INVITATIONS } from '../store/feedback.ts';
import { keepTold } from '../store/keep-told.ts';
import { oneOrMany, soundOnes } from './one-or-many.ts';
import type { VoicesDeps } from './voices-deps.ts';

const InvitationResource = FeedbackInvitation.extend({ version: z.int() }).meta({ id: 'FeedbackInvitation' });
const CONCURRENT = 16;

const countInvitations = route({
  method: 'POST',
  path: '/v1/feedback-invitations',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Record how many customers were asked on a day, for the response rate',
  description:
    'One count per kind, day and store, or a list of up to 400. A count that is told again takes the place of what was told before.',
  body: oneOrMany(AskedCount),
  example: { kind: 'csat', day: '2026-11-20', asked: 120 },
  response: z.object({ items: z.array(InvitationResource) }),
  async handle({ body }, { feedbackInvitations, stores, visibility, clock }: VoicesDeps) {
    const today = await visibility.today();
    const known = await stores.getMany(
      (Array.isArray(body) ? body : [body]).flatMap(({ storeId }) => storeId ?? []),
    );
    const counts = soundOnes<AskedCount>(body, {
      faults: ({ day, storeId }) => [
        ...(day > today ? [{ path: '/day', message: `must not be later than today, ${today}` }] : []),
        ...(storeId !== undefined && !known.has(storeId)
          ? [{ path: '/storeId', message: `there is no store ${storeId}` }]
          : []),
      ],
      identity: invitationIdOf,
    });
    const now = clock.now();
    const kept = await mapConcurrently(counts, CONCURRENT, async (count) =>
      keepTold(
        feedbackInvitations,
        invitationIdOf(count),
        (before) => invitationOf(count, before, now),
        FeedbackInvited,
      ),
    );
    return { items: kept.map(({ stored }) => stored) };
  },
});

const listInvitations = route({
  method: 'GET',
  path: '/v1/feedback-invitations',
  scope: 'sales/deals.read',
  summary: 'List how many customers were asked, by day',
  query: pageQuery.extend({ from: Day.optional(), to: Day.optional() }),
  response: page(InvitationResource),
  async handle({ query }, { feedbackInvitations }: VoicesDeps) {
    const { from, to, limit } = query;
    const binding = { list: 'feedback-invitations', from, to };
    const { items, lastKey } = await feedbackInvitations.queryIndex('gsi1', FEEDBACK_INVITATIONS, {
      skFrom: from,
      skTo: to && `${to}#\uffff`,
      limit,
      cursor: positionOf(query, binding),
    });
    return pageOf(items, lastKey, binding);
  },
});

export const feedbackInvitationRoutes = [countInvitations, listInvitations] as const;
