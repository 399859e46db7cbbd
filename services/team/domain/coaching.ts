import * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { MeasuredKpi } from '../../../shared/events/briefings.ts';
import { CoachingSessionId, MemberId, RequestId } from '../../../shared/ids/id.ts';
import { KpiId } from '../../../shared/kpis/kpi.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { addDays } from '../../../shared/time/zone.ts';
import { ActionItem } from './action-item.ts';

/** Days before a session, and from it on, whose focus KPI is compared. */
const WINDOW_DAYS = 30;

export const EffectPart = z.enum(['before', 'after']);
export type EffectPart = z.infer<typeof EffectPart>;

/** The focus KPI over the half-open days that were asked for. */
const Measured = MeasuredKpi.extend({ from: Day, to: Day, asOf: Instant });

export const Effect = z.object({ before: Measured.optional(), after: Measured.optional() });

export const CoachingSession = z.object({
  id: CoachingSessionId,
  memberId: MemberId,
  coachId: MemberId,
  heldOn: Day,
  focusKpi: KpiId,
  notes: z.string().optional(),
  actions: z.array(ActionItem),
  effect: Effect,
  /** What metrics was asked last for each part; the answer to any other request is out of date. */
  requests: z.object({ before: RequestId.optional(), after: RequestId.optional() }),
  createdAt: Instant,
});
export type CoachingSession = z.infer<typeof CoachingSession>;

/** The half-open days of a part. */
export const effectWindow = (heldOn: Day, part: EffectPart): { readonly from: Day; readonly to: Day } =>
  part === 'before'
    ? { from: addDays(heldOn, -WINDOW_DAYS), to: heldOn }
    : { from: heldOn, to: addDays(heldOn, WINDOW_DAYS) };

/** Which parts are to be asked for today: those whose days are over, and that nobody asked for. */
export const duePartsOf = ({ heldOn, requests }: CoachingSession, today: Day): EffectPart[] =>
  EffectPart.options.filter((part) => requests[part] === undefined && effectWindow(heldOn, part).to <= today);

/** The session with another day or focus: what was measured for the former is gone, and is to be asked again. */
export const refocused = <Session extends CoachingSession>(
  before: CoachingSession,
  after: Session,
): Session =>
  before.heldOn === after.heldOn && before.focusKpi === after.focusKpi
    ? after
    : { ...after, effect: {}, requests: {} };

/** Throws Unprocessable for a session that has not been held yet, and for a coach of oneself. */
export const assertHeld = (
  { heldOn, coachId, memberId }: Pick<CoachingSession, 'heldOn' | 'coachId' | 'memberId'>,
  today: Day,
): void => {
  const errors = [
    ...(heldOn > today ? [{ path: '/heldOn', message: `must be ${today} or earlier` }] : []),
    ...(coachId === memberId ? [{ path: '/coachId', message: 'must be someone else than the member' }] : []),
  ];
  if (errors.length > 0) throw new Unprocessable('A session is recorded once someone has held it.', errors);
};
