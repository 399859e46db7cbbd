import { CoachingLogged } from '../../../shared/events/coaching.ts';
import { EffectPart } from '../domain/coaching.ts';
import { CoachingSessions } from '../store/coaching.ts';
import { keepAnswer } from './keep-answer.ts';
import type { TakeKpis } from './taker.ts';

/** Fills in a session's focus KPI, if that is what it asked last. */
export const takeCoachingKpis: TakeKpis = async (measured, { table, cause }) => {
  const { purpose, requestId, from, to, asOf, kpis } = measured;
  const part = EffectPart.parse(purpose.part);
  return keepAnswer(
    new CoachingSessions(table, cause).repository,
    purpose.id,
    (session) => {
      const kpi = kpis[session.focusKpi];
      if (session.requests[part] !== requestId || kpi === undefined) return 'stale';
      if (session.effect[part] !== undefined) return 'duplicate';
      return { ...session, effect: { ...session.effect, [part]: { ...kpi, from, to, asOf } } };
    },
    CoachingLogged,
  );
};
