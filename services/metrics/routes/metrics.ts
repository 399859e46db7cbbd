import * as z from 'zod';
import { route } from '../../../shared/http/route.ts';
import { parsePeriod, PeriodText } from '../../../shared/time/period.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { answersOf, kpisFor, needsOpen } from '../domain/answer.ts';
import { ScopeQuery, scopeText } from '../domain/scope.ts';
import type { MetricsDeps } from './deps.ts';
import { Answers, kpisQuery, reportFacts } from './kpi-answers.ts';
import { assertScopeVisible } from './viewing.ts';

export const getMetrics = route({
  method: 'GET',
  path: '/v1/metrics',
  scope: 'sales/metrics.read',
  summary: 'Get KPIs of one scope over a period',
  query: z.object({ scope: ScopeQuery, period: PeriodText, kpis: kpisQuery }),
  response: z.object({ ...reportFacts, kpis: Answers }),
  async handle({ query, actor }, { buckets, names, directory: copy, clock }: MetricsDeps) {
    const { scope } = query;
    const asked = kpisFor(scope.kind, query.kpis);
    const asOf = clock.now();
    const directory = await copy.snapshot();
    const { organization } = directory;
    const period = parsePeriod(query.period, organization);
    await assertScopeVisible(scope, { actor, directory, names, today: dayOf(asOf, organization.timeZone) });
    const totals = await buckets.totals(scope.kind, scope.id, period, needsOpen(asked));
    return {
      scope: scopeText(scope),
      period: period.text,
      asOf,
      kpis: answersOf(asked, totals, organization.reportingCurrency),
    };
  },
});
