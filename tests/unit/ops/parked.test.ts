import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../../infra/ops/parked.ts';

const record = (id: string) => ({
  eventID: '1',
  dynamodb: {
    Keys: { pk: { S: `deal#${id}` }, sk: { S: 'state' } },
    NewImage: { pk: { S: `deal#${id}` }, sk: { S: 'state' }, data: { M: { id: { S: id } } } },
  },
});

describe('a parked file', () => {
  it('says why a record was parked, and whom it concerns', () => {
    const file = { id: 'evt_1', reason: 'Too large', record: record('deal_1'), at: '2026-11-23T09:30:00Z' };
    expect(summaryOf(JSON.stringify(file))).toEqual({
      id: 'evt_1',
      reason: 'Too large',
      subjects: ['deal_1'],
    });
  });
  it('says why a batch was given up, and each that it concerns once', () => {
    const file = {
      requestContext: {
        functionArn: 'arn:aws:lambda:eu-central-1:1:function:quotaline-dev-deals-relay',
        condition: 'RetryAttemptsExhausted',
      },
      payload: JSON.stringify({ Records: [record('deal_1'), record('deal_2'), record('deal_1')] }),
    };
    expect(summaryOf(JSON.stringify(file))).toEqual({
      id: undefined,
      reason: 'quotaline-dev-deals-relay gave up a batch of 3: RetryAttemptsExhausted',
      subjects: ['deal_1', 'deal_2'],
    });
  });
  it('names an item without an id of its own by its key, and survives anything else', () => {
    const bare = {
      id: 'evt_1',
      reason: 'r',
      at: 'x',
      record: { dynamodb: { Keys: { pk: { S: 'org#1' } } } },
    };
    expect(summaryOf(JSON.stringify(bare)).subjects).toEqual(['org#1']);
    expect(summaryOf('nonsense').reason).toContain('not a file');
  });
});
