import type { Table } from '../../../shared/dynamodb/table.ts';
import type { KpisMeasured, Purpose } from '../../../shared/events/briefings.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import { takeCoachingKpis } from './coaching-kpis.ts';
import { takeMeetingKpis } from './meeting-agenda.ts';
import { takeReviewKpis } from './review-kpis.ts';
import { takeTrainingKpis } from './training-kpis.ts';
import type { TakeKpis } from './taker.ts';

const takers: Readonly<Partial<Record<Purpose['kind'], TakeKpis>>> = {
  coaching: takeCoachingKpis,
  review: takeReviewKpis,
  meeting: takeMeetingKpis,
  training: takeTrainingKpis,
};

/** Hands metrics’ answers to whoever asked. */
export const takingKpis =
  (table: Table) =>
  async ({ event, cause }: Pick<Message<typeof KpisMeasured>, 'event' | 'cause'>): Promise<Outcome> =>
    (await takers[event.data.purpose.kind]?.(event.data, { table, cause })) ?? 'irrelevant';
