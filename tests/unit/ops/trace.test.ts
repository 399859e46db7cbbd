import { describe, expect, it } from 'vitest';
import { correlationsOf, stepsOf } from '../../../infra/ops/trace/step.ts';

const line = (at: number, unit: string, fields: object) => ({
  at,
  unit,
  message: JSON.stringify({ level: 'INFO', service: unit, ...fields }),
});

const lines = [
  line(0, 'deals-api', {
    message: 'Request done',
    correlationId: 'cor-1',
    subject: 'deal_1',
    milestones: [50, 100],
    status: 200,
    xray_trace_id: '1-a',
  }),
  line(35, 'deals-relay', {
    message: 'Event relayed',
    detailType: 'DealWon.v1',
    events: [
      { correlationId: 'cor-1', subject: 'deal_1', eventId: 'evt_1' },
      { correlationId: 'cor-2', subject: 'deal_2', eventId: 'evt_2' },
    ],
  }),
  line(60, 'metrics-relay', {
    message: 'Event relayed',
    correlationId: 'cor-2',
    subject: 'bucket:org',
    mergedCorrelationIds: ['cor-1'],
    about: ['deal_1', 'deal_2'],
  }),
  { at: 61, unit: 'metrics-relay', message: 'REPORT RequestId: cor-1' },
  line(90, 'goals-alerts', {
    level: 'ERROR',
    message: 'No mail',
    correlationId: 'cor-1',
    error: { name: 'Timeout', message: 'SES was slow', stack: 'at …' },
  }),
];

describe('the way of a deal', () => {
  it('is found by the deal, an event or the correlation id alike', () => {
    const found = (id: string) => [...new Set(lines.flatMap((one) => correlationsOf(one, id)))];
    expect(found('evt_1')).toEqual(['cor-1']);
    expect(found('cor-1')).toContain('cor-1');
    expect(found('deal_2')).toEqual(['cor-2']);
    expect(found('deal_3')).toEqual([]);
  });
  it('takes in what batches did for it, and what it was merged into', () => {
    expect(stepsOf(lines, 'cor-1').map(({ at, says, subject }) => [at, says, subject])).toEqual([
      [0, 'Request done', 'deal_1'],
      [35, 'Event relayed', 'deal_1'],
      [60, 'Event relayed', 'bucket:org'],
      [90, 'No mail', undefined],
    ]);
  });
  it('shows what else a line says, without what every line says', () => {
    const [request, relayed, , failed] = stepsOf(lines, 'cor-1');
    expect(request?.details).toEqual({ milestones: '50,100', status: '200' });
    expect(relayed?.details).toEqual({ detailType: 'DealWon.v1' });
    expect(failed?.details).toEqual({ error: 'Timeout: SES was slow' });
  });
});
