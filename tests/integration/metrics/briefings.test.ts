import { afterAll, beforeAll, expect, it } from 'vitest';
import { answeringKpis } from '../../../services/metrics/briefings/answer-kpis.ts';
import { metricsEvents } from '../../../services/metrics/events.ts';
import { Buckets } from '../../../services/metrics/store/buckets.ts';
import { kpiAnswersEntity } from '../../../services/metrics/store/kpi-answers.ts';
import { KpisRequested } from '../../../shared/events/briefings.ts';
import { parseEnvelope } from '../../../shared/events/envelope.ts';
import { busEventOf, OutboxItem } from '../../../shared/events/stream-record.ts';
import { derivedId, EventId, RequestId } from '../../../shared/ids/id.ts';
import { id, settings, wonDeal } from '../../support/sample-facts.ts';
import { clock, dealMessage, type MetricsService, startMetricsService } from './metrics-service.ts';

const creditTo = (member: number, team: number) => ({
  credits: [
    { memberId: id('mem', member), basisPoints: 10_000, teamPath: [id('team', team), id('team', 9)] },
  ],
  territoryPath: [],
});

let service: MetricsService;
beforeAll(async () => {
  service = await startMetricsService();
  await service.feed([
    dealMessage(wonDeal({ id: id('deal', 1), attribution: creditTo(2, 1) })),
    dealMessage(wonDeal({ id: id('deal', 2), attribution: creditTo(3, 2) })),
    dealMessage(wonDeal({ id: id('deal', 3), status: 'lost', attribution: creditTo(2, 1) })),
  ]);
});
afterAll(async () => {
  await service.stop();
});

const ask = async (name: string, question: object) => {
  const requestId = derivedId(RequestId, name);
  const event = parseEnvelope(
    JSON.stringify({
      source: KpisRequested.source,
      'detail-type': KpisRequested.detailType,
      detail: {
        metadata: {
          id: derivedId(EventId, name),
          time: clock.now(),
          correlationId: 'test',
          actor: 'system',
          subject: 'one',
          version: 1,
        },
        data: {
          id: requestId,
          kpis: ['wonDeals', 'winRate', 'wonRevenue'],
          purpose: { kind: 'review', id: 'one', part: 'snapshot' },
          ...question,
        },
      },
    }),
    [KpisRequested],
  );
  const answer = answeringKpis({
    table: service.table,
    buckets: new Buckets(service.table),
    currency: () => Promise.resolve(settings.reportingCurrency),
  });
  const outcome = await answer({ event, cause: { correlationId: 'test', actor: 'system' } });
  const item = OutboxItem.parse(await service.table.get(kpiAnswersEntity.key(requestId)));
  const [entry] = OutboxItem.shape.outbox.parse(item.outbox);
  if (entry === undefined) throw new Error('nothing was told');
  return { outcome, item, told: busEventOf(item, entry, metricsEvents) };
};

const whole = { from: '2026-01-01', to: '2027-01-01' };

it('a question is answered by an event with the numbers of the scope, and what they were asked for', async () => {
  const { outcome, item, told } = await ask('rep', { scope: `rep:${id('mem', 2)}`, ...whole });
  expect(outcome).toBe('done');
  expect(told.detailType).toBe('KpisMeasured.v1');
  expect(told.detail.metadata).toMatchObject({ subject: derivedId(RequestId, 'rep'), version: 1 });
  expect(told.detail.data).toMatchObject({
    requestId: derivedId(RequestId, 'rep'),
    scope: `rep:${id('mem', 2)}`,
    ...whole,
    purpose: { kind: 'review', id: 'one', part: 'snapshot' },
    asOf: clock.now(),
    kpis: {
      wonDeals: { value: 1, unit: 'count', n: 1 },
      winRate: { value: 0.5, unit: 'ratio', numerator: 1, denominator: 2, n: 2 },
      wonRevenue: { unit: 'money', currency: settings.reportingCurrency },
    },
  });
  expect(item.expiresAt).toBe(Math.floor(Date.parse(clock.now()) / 1000) + 30 * 86_400);
});

it('a team’s numbers hold those of the teams below', async () => {
  const { told } = await ask('team', { scope: `team:${id('team', 9)}`, ...whole });
  expect(told.detail.data).toMatchObject({ kpis: { wonDeals: { value: 2 } } });
});

it('what has no value says why', async () => {
  const { told } = await ask('none', {
    scope: `rep:${id('mem', 2)}`,
    from: '2025-01-01',
    to: '2025-02-01',
  });
  expect(told.detail.data).toMatchObject({
    kpis: { winRate: { value: null, reason: 'No deal was closed.' } },
  });
});

it('a request that comes again is told nothing new, also where two come at once', async () => {
  const question = { scope: `rep:${id('mem', 3)}`, ...whole };
  const twice = await Promise.all([ask('twice', question), ask('twice', question)]);
  expect(twice.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'duplicate']);
  await service.feed([dealMessage(wonDeal({ id: id('deal', 4), attribution: creditTo(3, 2) }))]);
  const { outcome, told } = await ask('twice', question);
  expect(outcome).toBe('duplicate');
  expect(told.detail.data).toMatchObject({ kpis: { wonDeals: { value: 1 } } });
});
