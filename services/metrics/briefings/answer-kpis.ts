import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { answerOnce } from '../../../shared/events/answer-once.ts';
import { KpisMeasured, type KpisRequested } from '../../../shared/events/briefings.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import { answersOf, kpisFor, needsOpen } from '../domain/answer.ts';
import { ScopeQuery } from '../domain/scope.ts';
import type { Buckets } from '../store/buckets.ts';
import { kpiAnswersEntity } from '../store/kpi-answers.ts';

/** Answers a request for KPIs by an event, once: what is counted later is for whoever asks again. */
export const answeringKpis =
  ({
    table,
    buckets,
    currency,
  }: {
    readonly table: Table;
    readonly buckets: Pick<Buckets, 'totals'>;
    /** The reporting currency. */
    readonly currency: () => Promise<string>;
  }) =>
  async ({ event, cause }: Pick<Message<typeof KpisRequested>, 'event' | 'cause'>): Promise<Outcome> => {
    const { id, kpis, ...question } = event.data;
    const measure = async () => {
      const scope = ScopeQuery.parse(question.scope);
      const asked = kpisFor(scope.kind, kpis);
      const { from, to } = question;
      const period = { text: `${from} to ${to}`, kind: 'range', from, to } as const;
      const asOf = table.clock.now();
      const totals = await buckets.totals(scope.kind, scope.id, period, needsOpen(asked));
      const measured = answersOf(asked, totals, await currency());
      return { id, requestId: id, ...question, asOf, kpis: measured };
    };
    return answerOnce(new Repository(table, kpiAnswersEntity, cause), id, measure, KpisMeasured);
  };
